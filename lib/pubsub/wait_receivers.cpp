#include "lib/pubsub/wait_receivers.h"

#include <array>
#include <cstdint>
#include <memory>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/redis/codec.h"
#include "lib/redis/replies.h"
#include "lib/redis/session.h"

#ifdef HAIL_AMQP
#include "lib/amqp/channel_name.h"
#include "lib/amqp/codec.h"
#include "lib/amqp/frame.h"
#include "lib/amqp/session.h"
#include "lib/pubsub/amqp_publisher.h"
#endif

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

constexpr base::Milliseconds gap(100);

// Adds up the numbers in the answers.
class Count : public redis::TokenSink {
  public:
    explicit Count(std::string what) : what_(std::move(what)) {}
    void take(const redis::Token& token) override {
        if (token.kind == redis::Token::Kind::error) {
            redis::throw_refusal(what_, token.text);
        }
        // PUBSUB NUMSUB answers with the name and the number, PUBSUB NUMPAT with the number alone.
        if (token.kind == redis::Token::Kind::integer) {
            listeners += token.integer;
            ++numbers;
        }
    }
    std::int64_t listeners = 0;
    int numbers = 0;

  private:
    std::string what_;
};

// Asks whether anybody receives what is published.
class Question {
  public:
    Question() = default;
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    virtual ~Question() = default;
    virtual bool anybody_listens(const Deadline& until) = 0;
};

class RedisQuestion : public Question {
  public:
    RedisQuestion(const Broker& broker, const std::string& channel, const Deadline& whole,
                  const ReportRetry& report, const base::Stop& stop)
        : what_("waiting for receivers on " + net::display(broker.address)),
          stop_(stop),
          session_(connect_with_retry(ConnectRetry(broker.retry, whole, stop, report),
                                      [&] {
                                          return std::make_unique<redis::Session>(
                                              broker.address, broker.limited(whole).connect,
                                              redis::SessionOptions{}, stop);
                                      })),
          count_(what_),
          reader_(count_),
          bytes_(redis::encode(std::array<std::string, 3>{"PUBSUB", "NUMSUB", channel}) +
                 redis::encode(std::array<std::string, 2>{"PUBSUB", "NUMPAT"})) {}

    bool anybody_listens(const Deadline& until) override {
        net::ByteStream& stream = session_->stream();
        stream.out().append(bytes_);
        count_.listeners = 0;
        count_.numbers = 0;
        std::array<char, 4096> buffer{};
        while (count_.numbers < 2 && !until.passed()) {
            const net::State sent = stream.flush();
            const net::Received got = stream.receive(buffer);
            reader_.feed({buffer.data(), got.bytes});
            if (sent == net::State::failed || got.state == net::State::failed ||
                got.state == net::State::ended) {
                throw Error(Exit::unreachable, what_ + ": " + stream.trouble().why);
            }
            if (got.state == net::State::blocked && stream.wait(until, &stop_).stopped) {
                throw Error(stop_.exit(), what_ + ": stopped by a signal, nothing was sent");
            }
        }
        return count_.listeners > 0;
    }

  private:
    std::string what_;
    const base::Stop& stop_;
    std::unique_ptr<redis::Session> session_;
    Count count_;
    redis::ReplyReader reader_;
    std::string bytes_;
};

#ifdef HAIL_AMQP

class AmqpQuestion : public Question {
  public:
    AmqpQuestion(const Broker& broker, const std::string& channel, const Deadline& whole,
                 const ReportRetry& report, const base::Stop& stop)
        : what_("waiting for receivers on " + net::display(broker.address)),
          place_(amqp::parse_channel(channel)),
          stop_(stop) {
        if (!place_.is_queue()) {
            throw Error(Exit::usage, "--wait-receivers: RabbitMQ does not tell who receives from an exchange",
                        "name a queue, or leave out --wait-receivers");
        }
        session_ = connect_with_retry(ConnectRetry(broker.retry, whole, stop, report), [&] {
            return std::make_unique<amqp::Session>(broker.address, broker.limited(whole).connect,
                                                   session_options(broker.amqp), stop);
        });
    }
    AmqpQuestion(const AmqpQuestion&) = delete;
    AmqpQuestion& operator=(const AmqpQuestion&) = delete;
    ~AmqpQuestion() override { session_->leave(stop_); }

    // A missing queue closes the channel, so that each question opens one.
    bool anybody_listens(const Deadline& until) override {
        constexpr std::uint16_t channel = amqp::first_channel;
        net::OutBlocks& out = session_->stream().out();
        if (!open_) {
            out.append(amqp::plain_method(channel, amqp::Method::channel_open));
            open_ = true;
        }
        out.append(amqp::declare_queue(channel, {.queue = place_.key, .passive = true}));
        while (!until.passed()) {
            const net::State sent = session_->stream().flush();
            const net::State got = session_->receive();
            for (amqp::Frame frame; session_->next(frame);) {
                if (const auto consumers = take(frame)) {
                    return *consumers > 0;
                }
            }
            if (const auto& closed = session_->closed()) {
                throw Error(closed->code == amqp::Closed::forced ? Exit::unreachable : Exit::refused,
                            what_ + ": " + amqp::words_of(*closed));
            }
            if (sent == net::State::failed || got == net::State::failed || got == net::State::ended) {
                throw Error(Exit::unreachable, what_ + ": " + session_->stream().trouble().why);
            }
            if (got == net::State::blocked && session_->wait(until, &stop_, {}).stopped) {
                throw Error(stop_.exit(), what_ + ": stopped by a signal, nothing was sent");
            }
        }
        return false;
    }

  private:
    // The number of consumers, if the frame tells it.
    std::optional<std::uint32_t> take(const amqp::Frame& frame) {
        if (frame.channel != amqp::first_channel) {
            throw Error(Exit::bad_reply, what_ + ": the broker sent a frame on a channel that is not open");
        }
        const amqp::Method method =
            frame.type == amqp::FrameType::method ? amqp::method_of(frame.payload) : amqp::Method{};
        if (method == amqp::Method::queue_declare_ok) {
            return amqp::read_queue_declared(frame.payload).consumers;
        }
        if (method == amqp::Method::channel_close) {
            const amqp::Close close = amqp::read_close(frame.payload);
            constexpr std::uint16_t not_found = 404;
            if (close.code != not_found) {
                throw Error(Exit::refused,
                            what_ + ": " + amqp::words_of({close.code, std::string(close.text), {}}));
            }
            session_->stream().out().append(amqp::plain_method(1, amqp::Method::channel_close_ok));
            open_ = false;
            return 0;
        }
        if (method != amqp::Method::channel_open_ok) {
            throw Error(Exit::bad_reply, what_ + ": the broker's answer does not fit the question");
        }
        return std::nullopt;
    }

    std::string what_;
    amqp::Place place_;
    const base::Stop& stop_;
    std::unique_ptr<amqp::Session> session_;
    bool open_ = false;
};

#endif

std::unique_ptr<Question> open_question(const Broker& broker, const std::string& channel,
                                        const Deadline& whole, const ReportRetry& report,
                                        const base::Stop& stop) {
#ifdef HAIL_AMQP
    if (is_amqp(broker.address)) {
        return std::make_unique<AmqpQuestion>(broker, channel, whole, report, stop);
    }
#endif
    return std::make_unique<RedisQuestion>(broker, channel, whole, report, stop);
}

}  // namespace

void wait_for_receivers(const Broker& broker, const std::string& channel, base::Milliseconds limit,
                        const Deadline& whole, const ReportRetry& report, const base::Stop& stop) {
    const auto question = open_question(broker, channel, whole, report, stop);
    const Deadline until = sooner(whole, Deadline::after(limit));
    while (!question->anybody_listens(until)) {
        if (until.passed()) {
            const bool early = whole.passed();
            throw Error(Exit::timed_out,
                        "waiting for receivers: nobody subscribed to '" + base::one_line(channel) +
                            (early ? "' in time" : "' within " + base::format_duration(limit)) +
                            ", nothing was sent",
                        std::string("allow more time with ") + (early ? "--timeout" : "--wait-receivers"));
        }
        if (!stop.sleep(gap)) {
            throw Error(stop.exit(), "waiting for receivers: stopped by a signal, nothing was sent");
        }
    }
}

}  // namespace hail::pubsub
