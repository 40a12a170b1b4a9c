#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/bulk/evidence.h"
#include "lib/bulk/post.h"
#include "lib/bulk/run.h"
#include "lib/bulk/window.h"

// What a bulk run gives the engine to do, and what it makes of what comes back.
//
// Shape:   next() and done() as the engine calls them, then finish() once, whatever ended the engine.
// Throws:  what the source and the sink throw.

namespace hail::bulk {

class Jobs : public http::Jobs {
  public:
    Jobs(base::Stop& stop, const http::Request& model, Source& source, Sink& sink, const RunOptions& options);

    http::Next next() override;
    void done(http::Job& job, const http::Result& result) override;

    // What is left was not sent, or is unknown.
    Summary finish();

  private:
    enum class Reading { more, wait, over };

    Reading read();
    http::Next start(const Work& work);
    http::Next start_read();
    std::size_t in_flight() const { return posts_.size() - idle_.size(); }

    struct Exchange {
        std::string_view text;
        rpc::BatchReply reply;
        bool overflown = false;
    };

    void match(Post& post, const http::Result& result);
    Exchange read_exchange(Post& post, const http::Result& result);
    static std::string why_missing(const Exchange& exchange, int status);
    void conclude(const Work& work, const Verdict& verdict, std::size_t allowed);
    bool resend(Work work);  // false: it was tried often enough
    void split(const Work& work, std::size_t allowed);
    void stop_reading(const std::string& why);
    void settle_unsent(const std::string& why);
    std::uint32_t take_wire_ids(std::size_t count);

    base::Stop& stop_;
    Source& source_;
    Sink& sink_;
    RunOptions options_;
    Summary summary_;

    std::size_t chunk_limit_;
    bool reading_ = true;
    std::uint32_t next_wire_id_ = 1;
    Window window_;
    base::Deadline show_again_;       // when what has left is shown although more is coming
    std::optional<Chunk> gathering_;  // not sent yet
    std::deque<Work> again_;
    std::vector<std::unique_ptr<Post>> posts_;
    std::vector<std::size_t> idle_;
    std::vector<rpc::Slot> slots_;
};

}  // namespace hail::bulk
