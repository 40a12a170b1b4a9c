// Subscriber for a Redis server: SUBSCRIBE and PSUBSCRIBE.
//
// Source:  https://redis.io/docs/latest/develop/interact/pubsub; the behaviour of real servers: an error
//          reply may answer any command, an array answers PING while subscribed, every channel of a SUBSCRIBE
//          is confirmed separately.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/subscriber.h"
#include "lib/redis/codec.h"
#include "lib/redis/push_frames.h"
#include "lib/redis/session.h"

namespace hail::pubsub {

inline constexpr redis::SessionOptions subscriber_session{.client_name = "hail"};

// Throws ConnectionLost: nothing came for this long, not even the answer that was asked for.
[[noreturn]] void throw_silent(const std::string& where, base::Milliseconds duration);

// For keyspace notifications, it also asks whether the server publishes them.
redis::SessionOptions session_for(const Subscriptions& subscriptions);

// The warning about a server whose setting notify-keyspace-events keeps the notifications of these channels
// and patterns from being published; empty if it does not.
std::string keyspace_warning(const Subscriptions& subscriptions, std::string_view setting);

class RedisSubscriber : public Subscriber, private redis::PushSink {
  public:
    RedisSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                    const Subscriptions& subscriptions, const SubscriberOptions& options,
                    MessageSink& messages, const base::Stop& stop);

    bool ready() const override { return frames_.ready(); }
    bool in_message() const override { return reader_.in_reply(); }
    bool receive() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    void settle(std::uint64_t, Settlement) override {}
    bool settled() const override { return true; }
    bool resumes() const override { return false; }
    bool at_end() const override { return false; }
    void stop_reading() override {}
    const std::vector<std::string>& warnings() const override { return warnings_; }

  private:
    void message(std::string_view channel, const std::string* pattern, std::string_view payload) override;
    bool is_too_large(std::string_view channel, std::uint64_t size);  // then it says so
    bool begin_large(std::string_view channel, const std::string* pattern, std::uint64_t size) override;
    void piece(std::string_view bytes) override;
    void end_large() override;
    void unsubscribed(std::string_view name) override;
    void error(std::string_view text) override;
    void pong() override { probes_ -= probes_ > 0 ? 1U : 0U; }
    void keep_alive();
    [[noreturn]] void lost() const;

    const std::string where_;
    const SubscriberOptions options_;
    MessageSink& messages_;
    redis::Session session_;
    redis::PushFrames frames_;
    redis::ReplyReader reader_;
    std::unique_ptr<char[]> buffer_;
    base::Deadline silent_until_;  // after that, PING is sent, or its answer is overdue
    std::vector<std::string> warnings_;
    bool asked_ = false;        // nothing has come since the last PING
    std::uint64_t probes_ = 0;  // PINGs without an answer
    struct Large {
        std::string channel;
        const std::string* pattern = nullptr;
        bool skipped = false;
    } large_;  // the message that comes in pieces
};

// The bytes of the subscriptions, for a dry run.
std::string redis_subscribe(const Subscriptions& subscriptions);

}  // namespace hail::pubsub
