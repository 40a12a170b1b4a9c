#include "lib/pubsub/wait_receivers.h"

#include <array>
#include <cstdint>
#include <memory>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/redis/codec.h"
#include "lib/redis/replies.h"
#include "lib/redis/session.h"

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

class Question {
  public:
    Question(const Broker& broker, const std::string& channel, const ReportRetry& report,
             const base::Stop& stop)
        : what_("waiting for receivers on " + net::display(broker.address)),
          stop_(stop),
          session_(connect_with_retry(ConnectRetry(broker.retry, stop, report),
                                      [&] {
                                          return std::make_unique<redis::Session>(
                                              broker.address, broker.connect, redis::SessionOptions{}, stop);
                                      })),
          count_(what_),
          reader_(count_),
          bytes_(redis::encode(std::array<std::string, 3>{"PUBSUB", "NUMSUB", channel}) +
                 redis::encode(std::array<std::string, 2>{"PUBSUB", "NUMPAT"})) {}

    bool anybody_listens(const Deadline& until) {
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

}  // namespace

void wait_for_receivers(const Broker& broker, const std::string& channel, base::Milliseconds limit,
                        const ReportRetry& report, const base::Stop& stop) {
    const Deadline until = Deadline::after(limit);
    Question question(broker, channel, report, stop);
    while (!question.anybody_listens(until)) {
        if (until.passed()) {
            throw Error(Exit::timed_out,
                        "waiting for receivers: nobody subscribed to '" + base::one_line(channel) +
                            "' within " + base::format_duration(limit) + ", nothing was sent",
                        "allow more time with --wait-receivers");
        }
        if (!stop.sleep(gap)) {
            throw Error(stop.exit(), "waiting for receivers: stopped by a signal, nothing was sent");
        }
    }
}

}  // namespace hail::pubsub
