// Publisher and subscriber for a Redis server.
//
// Source:  https://redis.io/docs/latest/develop/interact/pubsub; the behaviour of real servers: an error
//          reply may answer any command, an array answers PING while subscribed, every channel of a SUBSCRIBE
//          is confirmed separately.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/publisher.h"
#include "lib/pubsub/subscriber.h"
#include "lib/redis/codec.h"
#include "lib/redis/push_frames.h"
#include "lib/redis/session.h"

namespace hail::pubsub {

inline constexpr redis::SessionOptions subscriber_session{.client_name = "hail"};

class RedisPublisher : public Publisher, private redis::TokenSink {
  public:
    RedisPublisher(net::Address address, net::ConnectOptions connect, const PublisherOptions& options,
                   AnswerSink& answers, const base::Stop& stop);

    bool has_room() const override;
    void publish(std::string_view channel, std::string_view payload, std::uint64_t tag) override;
    void exchange() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    std::uint64_t in_flight() const override { return tail_ - head_; }
    bool broken() const override { return broken_; }
    Loss loss() const override;
    const std::vector<std::string>& warnings() const override { return warnings_; }

  private:
    struct Connection {
        Connection(const net::Address& address, const net::ConnectOptions& connect, redis::TokenSink& sink,
                   const base::Stop& stop)
            : session(address, connect, {}, stop), reader(sink) {}
        redis::Session session;
        redis::ReplyReader reader;
    };
    struct Unanswered {
        std::uint64_t tag;
        std::uint64_t begin;  // the place of its bytes among all bytes given to this connection
    };

    void take(const redis::Token& token) override;
    void connect();
    void reopen_if_closed();
    void lost();
    void remember(const Unanswered& message);

    const net::Address address_;
    const net::ConnectOptions options_;
    const std::size_t window_;
    AnswerSink& answers_;
    const base::Stop& stop_;
    std::unique_ptr<Connection> connection_;
    std::optional<redis::PublishEncoder> encoder_;
    std::vector<Unanswered> ring_;  // its size is a power of two that grows as needed, up to the window
    std::uint64_t head_ = 0;        // the oldest message without an answer
    std::uint64_t tail_ = 0;
    std::unique_ptr<char[]> buffer_;
    std::vector<std::string> warnings_;
    bool fresh_ = false;  // nothing has been sent on this connection yet
    bool broken_ = false;
    bool rejected_ = false;
};

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
    const std::vector<std::string>& warnings() const override { return session_.warnings(); }

  private:
    void message(std::string_view channel, const std::string* pattern, std::string_view payload) override;
    void unsubscribed(std::string_view name) override;
    void error(std::string_view text) override;
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
    bool asked_ = false;
};

// The bytes of a dry run; the password is masked.
std::string redis_handshake(const net::Address& address, const redis::SessionOptions& options);
std::string redis_publish(std::string_view channel, std::string_view payload);
std::string redis_subscribe(const Subscriptions& subscriptions);

}  // namespace hail::pubsub
