#include "lib/pubsub/answer_publisher.h"

#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/text.h"
#include "lib/pubsub/renewal.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;

constexpr base::Milliseconds patience(10'000);

std::string answer_text(const Message& answer) {
    return "the answer on '" + base::one_line(answer.channel, 60) + "'";
}

}  // namespace

AnswerPublisher::AnswerPublisher(const Broker& broker, const base::Stop& stop, Warn warn)
    : broker_(broker), stop_(stop), warn_(std::move(warn)) {}

void AnswerPublisher::publish(const Message& answer, const std::function<void()>& meanwhile) {
    const bool was_open = publisher_ != nullptr;
    try {
        send(answer, meanwhile);
    } catch (const MessageRefused& refusal) {  // such as for a queue that went with its asker
        warn_(answer_text(answer) + " is lost: " + refusal.what());
    } catch (const Error& failure) {
        publisher_.reset();
        if (stop_.urgent()) {
            throw Error(stop_.exit(), answer_text(answer) + " is not published: stopped by a second signal");
        }
        if (was_open && failure.exit() != Exit::timed_out) {
            publish(answer, meanwhile);
        } else {
            note_lost(answer, failure);
        }
    }
}

void AnswerPublisher::send(const Message& answer, const std::function<void()>& meanwhile) {
    if (!publisher_) {
        publisher_ = open_anew(broker_.address, broker_.renew, [&](const net::Address& address) {
            Broker broker = broker_;
            broker.address = address;
            return std::make_unique<SinglePublisher>(broker, stop_, SinglePublisher::Ends::at_second_signal);
        });
    }
    if (publisher_->publish(answer, base::Deadline::after(patience), meanwhile) == 0) {
        warn_("nobody waits any longer for " + answer_text(answer));
    }
}

void AnswerPublisher::note_lost(const Message& answer, const Error& failure) {
    ++lost_;
    const bool maybe_sent = failure.exit() == Exit::unknown || failure.exit() == Exit::timed_out;
    warn_(answer_text(answer) + (maybe_sent ? " may be lost: " : " is lost: ") + failure.what());
}

}  // namespace hail::pubsub
