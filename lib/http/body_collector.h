// BodyCollector: a receiver that keeps the body of a reply, up to a limit.
//
// Shape:   the limit is in bytes; without one the whole body is kept. If a reply is requested again, only the
//          body of the last attempt is kept.
// Throws:  body() Error(bad_reply) if the body is larger, unless its excess is to be dropped.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "lib/http/message.h"

namespace hail::http {

// The largest body that is kept whole, unless --max-reply sets another limit.
inline constexpr std::uint64_t usual_max_reply = std::uint64_t{64} << 20U;

class BodyCollector : public Receiver {
  public:
    enum class Excess {
        fail,
        drop,  // read to the end of the reply and keep its beginning
    };

    BodyCollector() = default;
    explicit BodyCollector(std::size_t limit, Excess excess) : limit_(limit), excess_(excess) {}

    void head(const ReplyHead& head) override { head_ = head; }
    void body(std::string_view bytes) override;
    bool resume(Request& request) override;

    const ReplyHead& head() const { return head_; }
    const std::string& body() const { return body_; }
    bool overflowed() const { return overflowed_; }

    std::string take_body();
    void clear();

  private:
    std::size_t limit_ = std::numeric_limits<std::size_t>::max();
    Excess excess_ = Excess::fail;
    ReplyHead head_;
    std::string body_;
    bool overflowed_ = false;
};

}  // namespace hail::http
