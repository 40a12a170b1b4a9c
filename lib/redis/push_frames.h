// The frames that Redis pushes to a subscriber, put together from their pieces and checked.
//
// Shape:   message [channel, payload], pmessage [pattern, channel, payload], subscribe and psubscribe
//          [name, count], pong [text]; an error or PONG on its own is an answer to PING.
// Throws:  take() Error(bad_reply) for a frame of another shape, an element of another type, or a channel
//          that was never asked for; and what the sink throws.
// Source:  https://redis.io/docs/interact/pubsub/, "Format of pushed messages".

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/redis/codec.h"

namespace hail::redis {

class PushSink {
  public:
    PushSink() = default;
    PushSink(const PushSink&) = delete;
    PushSink& operator=(const PushSink&) = delete;
    virtual ~PushSink() = default;

    // `pattern` is null if the channel was asked for by name. The views are valid only during the call.
    virtual void message(std::string_view channel, const std::string* pattern, std::string_view payload) = 0;

    // A message with a large payload begins; true if it is wanted in pieces, which then follow, and its end.
    virtual bool begin_large(std::string_view channel, const std::string* pattern, std::uint64_t size) = 0;
    virtual void piece(std::string_view bytes) = 0;
    virtual void end_large() = 0;
    virtual void unsubscribed(std::string_view name) = 0;
    virtual void error(std::string_view text) = 0;
    virtual void pong() {}
};

class PushFrames : public TokenSink {
  public:
    // `where` is the broker in messages; the sink must outlive this.
    PushFrames(std::string where, const std::vector<std::string>& channels,
               const std::vector<std::string>& patterns, PushSink& sink);

    // Every channel and pattern is confirmed.
    bool ready() const { return unconfirmed_.empty(); }
    bool any_confirmed() const { return confirmed_ > 0; }

    // The name whose confirmation comes next, if each is asked for by a command of its own: channels before
    // patterns. Null if all are confirmed.
    const std::string* next_name() const {
        return confirmed_ < asked_.size() ? &asked_[confirmed_] : nullptr;
    }

    void take(const Token& token) override;
    bool begin_large(const Token& place, std::uint64_t size) override;
    void take_piece(std::string_view piece) override { sink_.piece(piece); }

  private:
    enum class Frame { message, pattern_message, subscribed, unsubscribed, pong };
    using Names = std::set<std::string, std::less<>>;

    void begin(const Token& token);
    void take_element(const Token& token);
    void take_message(const Token& token);
    void take_pattern_message(const Token& token);
    void confirm(std::string_view name);
    [[noreturn]] void reject(const std::string& why) const;

    const std::string where_;
    const Names channels_;
    const Names patterns_;
    std::multiset<std::string, std::less<>> unconfirmed_;
    std::vector<std::string> asked_;  // in the order of the commands
    std::size_t confirmed_ = 0;
    PushSink& sink_;
    Frame frame_ = Frame::message;
    std::optional<std::string> known_channel_;  // the last ones that were found
    std::optional<std::string> known_pattern_;
    std::string channel_;  // of a message by pattern
};

}  // namespace hail::redis
