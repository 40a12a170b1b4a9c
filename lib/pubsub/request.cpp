#include "lib/pubsub/request.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

constexpr base::Milliseconds look_again(200);  // for a second signal, which wakes nobody
constexpr std::size_t secret = 16;  // bytes: nobody can guess the channel, so that no stranger answers

std::string make_inbox() {
    return "hail.reply." + base::random_hex(secret);
}

std::string correlation_id(std::string_view inbox, std::uint64_t number) {
    return std::string(inbox.substr(inbox.rfind('.') + 1)) + "-" + std::to_string(number);
}

}  // namespace

SinglePublisher::SinglePublisher(const Broker& broker, const base::Stop& stop, Ends ends)
    : where_(net::display(broker.address)),
      stop_(stop),
      ends_(ends),
      publisher_(
          open_publisher(broker, {.window = 1}, *this, ends == Ends::at_first_signal ? stop : never_)) {}

void SinglePublisher::accepted(std::uint64_t, const Accepted& answer) {
    receivers_ = answer.receivers;
}

void SinglePublisher::refused(std::uint64_t, const Error& error, Refused) {
    refusal_.emplace(error);
}

std::optional<std::int64_t> SinglePublisher::publish(const Message& message, const Deadline& deadline,
                                                     const std::function<void()>& meanwhile) {
    refusal_.reset();
    publisher_->publish(message, 1);
    publisher_->exchange();
    while (publisher_->in_flight() > 0 && !publisher_->broken()) {
        const bool early = ends_ == Ends::at_first_signal;
        const Deadline soon = Deadline::after(look_again);
        const Deadline until = early && !meanwhile ? deadline : sooner(deadline, soon);
        if (publisher_->wait(until, early ? &stop_ : nullptr, {}).stopped || stop_.urgent()) {
            throw Error(stop_.exit(), "publishing to " + where_ + ": stopped by a signal");
        }
        if (meanwhile) {
            meanwhile();
        }
        publisher_->exchange();
        if (publisher_->in_flight() > 0 && deadline.passed()) {
            throw Error(Exit::timed_out, "publishing to " + where_ + ": no answer in time");
        }
    }
    if (publisher_->broken()) {
        const net::Failure why = publisher_->loss().why;
        throw Error(Exit::unknown, "publishing to " + where_ + ": " + why.why, why.hint);
    }
    if (refusal_) {
        throw MessageRefused(refusal_->exit(), refusal_->what(), refusal_->hint());
    }
    return receivers_;
}

std::string Requester::payload_of(Answer& answer, const std::string& name) {
    if (answer.failed) {
        throw Error(Exit::refused,
                    "asking '" + name + "': the service failed: " + base::one_line(answer.payload, 300));
    }
    return std::move(answer.payload);
}

ChannelRequester::ChannelRequester(const Broker& broker, std::optional<base::Milliseconds> timeout,
                                   const base::Stop& stop, std::function<void(const std::string&)> warn)
    : timeout_(timeout),
      stop_(stop),
      warn_(std::move(warn)),
      inbox_(make_inbox()),
      subscriber_(
          open_subscriber(broker, {.channels = {inbox_}, .patterns = {}}, {.envelopes = true}, *this, stop)),
      publisher_(broker, stop) {
    wait_until(
        [this] { return subscriber_->ready(); },
        sooner(Deadline::after(broker.connect.timeout), Deadline::after(broker.connect.connect_timeout)),
        "subscribing to the channel of the answers");
}

void ChannelRequester::wait_until(const std::function<bool()>& done, const Deadline& deadline,
                                  const std::string& doing) {
    while (!done()) {
        const bool more = subscriber_->receive();
        if (done()) {
            continue;
        }
        // The limits also hold for a broker that sends without a pause.
        if (more ? stop_.raised() != 0 : subscriber_->wait(deadline, &stop_, {}).stopped) {
            throw Error(stop_.exit(), doing + ": stopped by a signal");
        }
        if (deadline.passed()) {
            throw Error(Exit::timed_out, doing + ": the time limit passed", "allow more time with --timeout");
        }
    }
}

std::string ChannelRequester::ask(const Message& request) {
    const Deadline deadline = Deadline::after(timeout_);
    expected_ = correlation_id(inbox_, ++asked_);
    answer_.reset();
    const auto receivers = publisher_.publish({.channel = request.channel,
                                               .payload = request.payload,
                                               .reply_to = std::string_view(inbox_),
                                               .correlation_id = std::string_view(expected_)},
                                              deadline);
    const std::string name = base::one_line(request.channel, 60);
    if (receivers == 0) {
        throw Error(Exit::refused, "asking '" + name + "': nobody listens to this channel",
                    "start a service with hail subscribe ADDRESS " + name + " --reply --exec PROGRAM");
    }
    wait_until([this] { return answer_.has_value(); }, deadline, "waiting for the answer of '" + name + "'");
    return payload_of(*answer_, name);
}

// A late answer to an earlier request has another correlation id.
void ChannelRequester::take(const Message& message) {
    if (message.correlation_id == expected_ && !answer_) {
        answer_ = {message.failed, std::string(message.payload)};
    }
}

void ask_each(Requester& requester, MessageSource& source,
              const std::function<void(const std::string& answer)>& show,
              const std::function<std::string(std::uint64_t number)>& place, const base::Stop& stop) {
    take_each(source, stop, [&](const MessageSource::Item& item) {
        std::string answer;
        try {
            answer = requester.ask(item.message);
        } catch (const Error& failure) {
            const std::string where = place(item.number);
            throw Error(failure.exit(), (where.empty() ? "" : where + ": ") + failure.what(), failure.hint());
        }
        show(answer);
    });
}

void dry_run_requests(const Broker& broker, const AmqpPublishing& publishing, MessageSource& source,
                      const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    const std::string inbox = make_inbox();
    show(requester_handshake(broker, inbox));
    std::uint64_t asked = 0;
    take_each(source, stop, [&](const MessageSource::Item& item) {
        const std::string id = correlation_id(inbox, ++asked);
        Message message = item.message;
        message.reply_to = is_amqp(broker.address) ? "amq.rabbitmq.reply-to" : std::string_view(inbox);
        message.correlation_id = id;
        show(published_bytes(broker, message, asked, {.amqp = publishing}));
    });
}

}  // namespace hail::pubsub
