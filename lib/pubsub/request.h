// Requests over a broker: a message with a private channel for the answer, and that answer.
//
// Shape:   a requester subscribes to the private channel first, so that no answer can be missed.
// Throws:  Error(timed_out) if no answer came in time, Error(refused) if nobody listens to the channel or the
//          answer is a failure; and whatever publishing and subscribing throw.
// Source:  lib/pubsub/envelope.h for Redis; https://www.rabbitmq.com/docs/direct-reply-to.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/message.h"
#include "lib/pubsub/publish.h"
#include "lib/pubsub/publisher.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

// The broker refused one message, which says nothing about others.
class MessageRefused : public base::Error {
  public:
    using Error::Error;
};

// Publishes one message at a time, and waits for the broker's answer to it.
class SinglePublisher : private AnswerSink {
  public:
    // Answers of services are still published after the first signal.
    enum class Ends { at_first_signal, at_second_signal };
    SinglePublisher(const Broker& broker, const base::Stop& stop, Ends ends = Ends::at_first_signal);

    // Throws MessageRefused, or another Error if the connection has a fault. Returns the number of receivers,
    // if the broker tells.
    // While it waits, it calls `meanwhile` several times a second if that is not empty.
    std::optional<std::int64_t> publish(const Message& message, const base::Deadline& deadline,
                                        const std::function<void()>& meanwhile = {});

  private:
    void accepted(std::uint64_t tag, const Accepted& answer) override;
    void refused(std::uint64_t tag, const base::Error& error, Refused what) override;

    std::string where_;
    const base::Stop& stop_;
    const Ends ends_;
    const base::Stop never_{};  // raised
    std::unique_ptr<Publisher> publisher_;
    std::optional<std::int64_t> receivers_;
    std::optional<base::Error> refusal_;
};

class Requester {
  public:
    Requester() = default;
    Requester(const Requester&) = delete;
    Requester& operator=(const Requester&) = delete;
    virtual ~Requester() = default;

    // The answer to one request; the timeout begins with each.
    virtual std::string ask(const Message& request) = 0;

  protected:
    struct Answer {
        bool failed = false;
        std::string payload;
    };
    // Throws if the service of this name failed.
    static std::string payload_of(Answer& answer, const std::string& name);
};

// Over a broker that has only channels, such as Redis.
class ChannelRequester : public Requester, private MessageSink {
  public:
    // Subscribes to the private channel. `warn` receives oddities of the connections.
    ChannelRequester(const Broker& broker, std::optional<base::Milliseconds> timeout, const base::Stop& stop,
                     std::function<void(const std::string&)> warn);

    std::string ask(const Message& request) override;

  private:
    void take(const Message& message) override;
    void warn(const std::string& what) override { warn_(what); }
    void missing(const Missing&) override {}  // a channel has no trimmed messages
    void wait_until(const std::function<bool()>& done, const base::Deadline& deadline,
                    const std::string& doing);

    std::optional<base::Milliseconds> timeout_;
    const base::Stop& stop_;
    std::function<void(const std::string&)> warn_;
    std::string inbox_;
    std::unique_ptr<Subscriber> subscriber_;
    SinglePublisher publisher_;
    std::uint64_t asked_ = 0;
    std::string expected_;  // the correlation id of the request
    std::optional<Answer> answer_;
};

// The requester for the broker that the address names. It is tried as often as the broker's retries allow.
std::unique_ptr<Requester> open_requester(const Broker& broker, const AmqpPublishing& publishing,
                                          const base::Stop& stop,
                                          std::function<void(const std::string&)> warn);

// Makes a request of each message of the source, one after the other, and hands the answers over. A stop ends
// it while the source is awaited, and so does the first failure, which names the place of its message; the
// place may be empty.
void ask_each(Requester& requester, MessageSource& source,
              const std::function<void(const std::string& answer)>& show,
              const std::function<std::string(std::uint64_t number)>& place, const base::Stop& stop);

// The bytes of these requests, with ids as random as theirs.
void dry_run_requests(const Broker& broker, const AmqpPublishing& publishing, MessageSource& source,
                      const std::function<void(const std::string&)>& show, const base::Stop& stop);

}  // namespace hail::pubsub
