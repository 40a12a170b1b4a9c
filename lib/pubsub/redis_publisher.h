// Publisher for a Redis server: PUBLISH, with many commands in flight. In one breath with the first of a
// connection it asks whether the node is a replica, whose own subscribers alone receive anything.
//
// Source:  https://redis.io/docs/latest/commands/publish; the behaviour of real servers: an error reply may
//          answer any command.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/publisher.h"
#include "lib/redis/codec.h"
#include "lib/redis/node.h"
#include "lib/redis/session.h"

namespace hail::pubsub {

class RedisPublisher : public Publisher, private redis::TokenSink {
  public:
    RedisPublisher(net::Address address, net::ConnectOptions connect, const PublisherOptions& options,
                   AnswerSink& answers, const base::Stop& stop);

    bool has_room() const override;
    void publish(const Message& message, std::uint64_t tag) override;
    void exchange() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    std::uint64_t in_flight() const override { return tail_ - head_; }
    bool broken() const override { return broken_; }
    Loss loss() const override;
    const std::vector<std::string>& warnings() const override { return warnings_; }

  protected:
    // The command for one message, and the meaning of its answer. An empty result: the answer does not fit,
    // or the error is one.
    virtual void append(net::OutBlocks& out, const Message& message, std::uint64_t tag);
    virtual std::optional<Accepted> acceptance(const redis::Token& answer) const;

  private:
    struct Connection {
        Connection(const net::Address& address, const net::ConnectOptions& connect, redis::TokenSink& sink,
                   const base::Stop& stop)
            : session(address, connect, {}, stop), reader(sink) {}
        redis::Session session;
        redis::ReplyReader reader;
    };
    // The messages from this one on, up to those of the next run, went to this channel.
    struct ChannelRun {
        std::uint64_t first;
        std::string channel;
    };
    struct Unanswered {
        std::uint64_t tag;
        std::uint64_t begin;  // the place of its bytes among all bytes given to this connection
    };

    void take(const redis::Token& token) override;
    void connect(const net::Address& address);
    void reopen_if_closed();
    void warn(const std::string& what);
    void ask_node();
    void await_node();
    bool take_node(const redis::Token& token);
    void judge_node();
    void lost();
    void remember(const Unanswered& message);
    bool sent_whole() const;
    base::Error refusal(std::string_view reply) const;

    const net::Address address_;
    const net::ConnectOptions options_;
    const std::size_t window_;
    const std::size_t first_window_;
    const RenewAddress renew_;
    const bool asks_;  // a replica refuses to append to a stream, so that nobody must be warned
    const bool counts_all_;
    const bool receivers_;
    AnswerSink& answers_;
    const base::Stop& stop_;
    std::unique_ptr<Connection> connection_;
    std::optional<redis::PublishEncoder> encoder_;
    std::vector<Unanswered> ring_;  // its size is a power of two that grows as needed, up to the window
    std::uint64_t head_ = 0;        // the oldest message without an answer
    std::uint64_t tail_ = 0;
    std::deque<ChannelRun> channels_;  // of the unanswered messages
    std::unique_ptr<char[]> buffer_;
    std::vector<std::string> warnings_;
    bool fresh_ = false;  // nothing has been sent on this connection yet
    enum class Question {
        open,
        sent,
        in_answer,
        answered
    } question_ = Question::open;  // see lib/redis/node.h
    redis::Node node_;
    bool answered_ = false;  // a message, on this connection
    bool open_ = false;      // the last answer on this connection was not a refusal for now
    bool broken_ = false;
    bool rejected_ = false;
};

// The bytes of one message, for a dry run.
std::string redis_publish(const Message& message);

}  // namespace hail::pubsub
