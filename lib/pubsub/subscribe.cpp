#include "lib/pubsub/subscribe.h"

#include <array>
#include <memory>
#include <optional>

#include "lib/base/error.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

// The connection and its login count towards the duration too.
Broker limited(Broker broker, const std::optional<base::Milliseconds>& duration) {
    if (duration && (!broker.connect.timeout || *duration < *broker.connect.timeout)) {
        broker.connect.timeout = duration;
    }
    return broker;
}

Error late(const std::string& why, const std::string& hint = {}) {
    return {Exit::timed_out, "waiting for messages: " + why, hint};
}

class SubscribeRun : private MessageSink {
  public:
    SubscribeRun(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
                 const SubscribeOptions& options, base::Stop& stop)
        : sink_(sink),
          options_(options),
          stop_(stop),
          idle_timeout_(broker.connect.idle_timeout),
          whole_(Deadline::after(broker.connect.timeout)),
          subscriber_(connect_with_retry(
              ConnectRetry(broker.retry, stop, [&sink](const std::string& what) { sink.warn(what); }),
              [&] { return open_subscriber(limited(broker, options.duration), names, {}, *this, stop); })),
          confirm_by_(sooner(sooner(Deadline::after(broker.connect.connect_timeout), whole_),
                             Deadline::after(options.duration))) {
        for (const auto& warning : subscriber_->warnings()) {
            sink.warn(warning);
        }
    }

    void run() {
        try {
            listen();
        } catch (const Error&) {
            sink_.pause();
            throw;
        }
        sink_.pause();
    }

  private:
    void warn(const std::string& what) override { sink_.warn(what); }

    void take(const Message& message) override {
        if (complete()) {
            return;  // the broker sent more before the run could end
        }
        ++received_;
        sink_.take(message);
    }

    bool complete() const { return options_.count > 0 && received_ >= options_.count; }

    void listen() {
        while (!complete() && stop_.raised() == 0) {
            const std::uint64_t before = received_;
            const bool more = subscriber_->receive();
            if (!announced_ && subscriber_->ready()) {
                announce();
            }
            if (received_ != before) {
                silence_ = Deadline::after(idle_timeout_);
            }
            if (more || complete()) {
                continue;
            }
            sink_.pause();
            if (announced_ && end_.passed() && options_.count == 0) {
                if (subscriber_->in_message()) {
                    sink_.warn("the time ended in the middle of a message, which is not shown");
                }
                return;
            }
            check_limits();
            wait();
        }
    }

    void announce() {
        announced_ = true;
        sink_.ready();
        end_ = Deadline::after(options_.duration);
        first_ = Deadline::after(options_.first_within);
        silence_ = Deadline::after(idle_timeout_);
    }

    void check_limits() const {
        if (!announced_ && confirm_by_.passed()) {
            throw Error(Exit::timed_out,
                        "subscribing: the broker has not confirmed every subscription in time",
                        "allow more with --connect-timeout");
        }
        if (end_.passed()) {
            throw late(std::to_string(received_) + " of " + std::to_string(options_.count) +
                       " arrived within --for");
        }
        if (whole_.passed()) {
            throw late("the time limit passed", "allow more time with --timeout");
        }
        if (received_ == 0 && first_.passed()) {
            throw late("none arrived within --first-within");
        }
        if (silence_.passed()) {
            throw late("none arrived within --idle-timeout");
        }
    }

    void wait() {
        Deadline until = announced_ ? sooner(sooner(end_, whole_), silence_) : confirm_by_;
        if (received_ == 0) {
            until = sooner(until, first_);
        }
        // No events: only the hang-up is wanted, which poll() always reports.
        std::array<pollfd, 1> others{{{sink_.watched(), 0, 0}}};
        const net::Ready ready = subscriber_->wait(until, &stop_, others);
        if (ready.others && (others[0].revents & POLLERR) != 0) {
            sink_.hung_up();
        }
    }

    SubscribeSink& sink_;
    const SubscribeOptions& options_;
    base::Stop& stop_;
    std::optional<base::Milliseconds> idle_timeout_;
    Deadline whole_;
    Deadline end_;  // this and the next two begin with the confirmation
    Deadline first_;
    Deadline silence_;
    std::uint64_t received_ = 0;
    bool announced_ = false;
    std::unique_ptr<Subscriber> subscriber_;
    Deadline confirm_by_;
};

}  // namespace

void subscribe(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
               const SubscribeOptions& options, base::Stop& stop) {
    SubscribeRun(broker, names, sink, options, stop).run();
}

}  // namespace hail::pubsub
