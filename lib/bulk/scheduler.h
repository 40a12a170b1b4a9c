// The scheduler of a bulk run. It gives the engine POSTs to send and turns the results into outcomes.
//
// Shape:   the engine calls next() and done(); finish() is called once after that, whatever ended the engine.
// Throws:  whatever the source and the sink throw.

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
#include "lib/bulk/outcome_rules.h"
#include "lib/bulk/output_window.h"
#include "lib/bulk/post_slot.h"
#include "lib/bulk/run.h"

namespace hail::bulk {

class Scheduler : public http::JobSource {
  public:
    Scheduler(base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
              const RunOptions& options);

    http::Next next() override;
    void done(http::Job& job, const http::Result& result) override;

    // Settles the remaining items as not sent, or unknown.
    Summary finish();

  private:
    enum class Reading { more, wait, over };

    Reading read();
    http::Next start(const Range& range);
    http::Next start_read();
    std::size_t in_flight() const { return post_slots_.size() - free_slots_.size(); }

    struct Exchange {
        std::string_view text;
        rpc::BatchReply reply;
        bool overflowed = false;
    };

    void match(PostSlot& post, const http::Result& result);
    Exchange read_exchange(PostSlot& post, const http::Result& result);
    static std::string why_missing(const Exchange& exchange, int status);
    void apply(const Range& range, const Decision& decision, std::size_t allowed);
    bool resend(Range range);  // false: no attempt or no time is left
    void split(const Range& range, std::size_t allowed);
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
    OutputWindow window_;
    base::Deadline next_flush_;       // when the output is shown although more is coming
    std::optional<Chunk> gathering_;  // not sent yet
    std::deque<Range> queue_;
    std::vector<std::unique_ptr<PostSlot>> post_slots_;
    std::vector<std::size_t> free_slots_;
    std::vector<rpc::Slot> slots_;
};

}  // namespace hail::bulk
