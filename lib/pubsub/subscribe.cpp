#include "lib/pubsub/subscribe.h"

#include <limits>
#include <memory>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/pubsub/subscribe_patience.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;
using base::Milliseconds;
using Clock = Deadline::Clock;

constexpr std::uint32_t most_jitter = 100;   // milliseconds, before the first attempt to connect again
constexpr std::chrono::seconds healthy(10);  // after this time the pauses begin short again
constexpr Milliseconds settle_within(5'000);

// Without an option that limits the attempts for a gap, there is no limit.
ConnectRetryOptions reconnect_options(ConnectRetryOptions options) {
    if (!options.any()) {
        options.retries = std::numeric_limits<std::uint64_t>::max();
    }
    return options;
}

class SubscribeRun : private MessageSink {
  public:
    SubscribeRun(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
                 const SubscribeOptions& options, base::Stop& stop, SubscribeSummary& summary)
        : broker_(broker),
          names_(names),
          sink_(sink),
          options_(options),
          stop_(stop),
          summary_(summary),
          patience_({.whole = broker.connect.timeout,
                     .duration = options.duration,
                     .confirmation = broker.connect.connect_timeout,
                     .first = options.first_within,
                     .idle = broker.connect.idle_timeout,
                     .count = options.count}),
          first_connection_(broker.retry, patience_.next(), stop,
                            [&sink](const std::string& what) { sink.warn(what); }),
          again_(reconnect_options(broker.retry), Deadline(), stop, {}) {
        again_.reset();
        sink_.keep_alive_with([this] {
            if (subscriber_) {
                subscriber_->stay_alive();
            }
        });
    }

    ~SubscribeRun() override { sink_.keep_alive_with({}); }
    SubscribeRun(const SubscribeRun&) = delete;
    SubscribeRun& operator=(const SubscribeRun&) = delete;

    void run() {
        try {
            follow();
        } catch (const Error&) {
            drain();
            throw;
        }
        drain();
    }

  private:
    // The time since the connection was lost.
    struct Outage {
        std::chrono::system_clock::time_point from;
        Clock::time_point begin;
        std::string reason;
    };

    void warn(const std::string& what) override { sink_.warn(what); }

    void missing(const Missing& missing) override {
        sink_.missing(missing);
        lost_ = true;
    }

    void take(const Message& message) override {
        if (complete() || draining_) {
            unwanted_ += message.more ? 0 : 1;
            return;  // the broker sent more before the run could end
        }
        note_readiness();  // the confirmation and the first message may come together
        in_pieces_ = message.more;
        if (!message.more) {
            ++summary_.received;
        }
        sink_.take(message);
    }
    bool takes_pieces() const override { return sink_.takes_pieces(); }
    bool takes_properties() const override { return sink_.takes_properties(); }

    void note_readiness() {
        if ((!announced_ || outage_) && subscriber_->ready()) {
            announced_ ? close_gap() : announce();
        }
    }

    bool complete() const { return options_.count > 0 && summary_.received >= options_.count; }
    bool ended() const { return complete() || stop_.raised() != 0 || patience_.time_is_over() || at_end(); }
    bool at_end() const { return subscriber_ && subscriber_->at_end(); }

    void follow() {
        while (!ended()) {
            try {
                open();
                listen();
            } catch (const net::NotReached& failure) {
                if (announced_) {
                    wait_to_reconnect(failure);
                } else {
                    close();
                    first_connection_.wait_after(failure);
                }
            } catch (const ConnectionLost& failure) {
                if (announced_ && !options_.reconnect) {
                    throw;
                }
                if (announced_) {
                    wait_to_reconnect(failure);
                } else {  // such as a proxy whose server is not there yet
                    close();
                    first_connection_.wait_after({failure.exit(), failure.what(), failure.hint()});
                }
            }
        }
    }

    void close() {
        subscriber_.reset();
        patience_.lost();
    }

    void open() {
        close();
        const auto open_at = [this](const net::Address& address) {
            Broker broker = broker_.limited(patience_.attempt());
            broker.address = address;
            return open_subscriber(broker, names_, options_.subscriber, *this, stop_);
        };
        subscriber_ =
            announced_ ? open_anew(broker_.address, broker_.renew, open_at) : open_at(broker_.address);
        opened_ = Clock::now();
        patience_.opened();
        if (!outage_) {
            for (const auto& warning : subscriber_->warnings()) {
                sink_.warn(warning);
            }
        }
    }

    void listen() {
        in_pieces_ = false;
        while (!complete() && stop_.raised() == 0 && !at_end()) {
            const std::uint64_t before = summary_.received;
            const bool more = sink_.takes_more() && subscriber_->receive();
            note_readiness();
            if (summary_.received != before) {
                patience_.received(summary_.received);
            }
            settle();
            if (lost_ && options_.fail_on_gap) {
                throw Error(Exit::unknown, "messages are lost, as reported above");
            }
            // A broker that sends without a pause does not put off the limits.
            if ((more && !patience_.next().passed()) || complete() || at_end()) {
                continue;
            }
            sink_.pause();
            settle();
            if (patience_.time_is_over()) {
                if (subscriber_->in_message() && !in_pieces_) {  // else a part is shown, and said to be cut
                    sink_.warn("the time ended in the middle of a message, which is not shown");
                }
                return;
            }
            patience_.check();
            wait(patience_.next());
        }
    }

    void announce() {
        announced_ = true;
        sink_.ready();
        patience_.confirmed();
    }

    void close_gap() {
        ++summary_.gaps;
        sink_.gap({.from = outage_->from,
                   .to = std::chrono::system_clock::now(),
                   .duration = std::chrono::duration_cast<Milliseconds>(Clock::now() - outage_->begin),
                   .reason = outage_->reason,
                   .lost = !subscriber_->resumes()});
        outage_.reset();
        patience_.confirmed();
    }

    void wait_to_reconnect(const Error& failure) {
        const bool resumes = subscriber_ && subscriber_->resumes();
        close();
        cut_message();
        if (!outage_) {
            outage_ = {std::chrono::system_clock::now(), Clock::now(), failure.what()};
            sink_.warn(std::string(failure.what()) + (failure.hint().empty() ? "" : "; ") + failure.hint());
            if (options_.fail_on_gap && !resumes) {
                throw Error(Exit::unknown, failure.what(), failure.hint());
            }
            Clock::now() - opened_ > healthy ? again_.reset() : again_.begin_anew();
        }
        const std::optional<Milliseconds> delay =
            again_.is_first() ? Milliseconds(base::random_number() % most_jitter) : again_.next_delay();
        if (!delay) {
            throw Error(Exit::unknown,
                        std::string("the connection could not be made again: ") + failure.what(),
                        "allow more with --retry, --retry-max-time or --wait-server");
        }
        sink_.pause();
        for (const Deadline until = Deadline::after(*delay); !until.passed() && !ended();) {
            patience_.check();
            wait(sooner(until, patience_.next()), Waiting::to_reconnect);
        }
    }

    void cut_message() {
        if (std::exchange(in_pieces_, false)) {
            sink_.cut();
        }
    }

    enum class Waiting { for_messages, to_reconnect, to_drain };

    void wait(const Deadline& until, Waiting waiting = Waiting::for_messages) {
        polls_.clear();
        sink_.add_polls(polls_);
        const base::Stop* const stop = waiting == Waiting::to_drain ? nullptr : &stop_;
        if (waiting == Waiting::for_messages && sink_.takes_more()) {
            subscriber_->wait(until, stop, polls_);
        } else {
            const Deadline first = subscriber_ ? sooner(until, subscriber_->stay_alive()) : until;
            polls_.push_back({stop_.descriptor(), static_cast<short>(stop == nullptr ? 0 : POLLIN), 0});
            if (::poll(polls_.data(), polls_.size(), first.poll_milliseconds()) < 0) {
                for (auto& entry : polls_) {
                    entry.revents = 0;
                }
            }
            polls_.pop_back();
        }
        sink_.polled(polls_);
    }

    // Without a connection, the settlements wait for the next one. If one ends the run, those after it are
    // told before the end.
    void settle() {
        sink_.collect(handled_);
        while (subscriber_ && settled_ < handled_.size()) {
            const Handled& one = handled_[settled_++];
            subscriber_->settle(one.delivery, one.settlement);
        }
        if (settled_ == handled_.size()) {
            handled_.clear();
            settled_ = 0;
        }
    }

    // Shows or handles everything that was taken, unless a second signal comes.
    void drain() {
        cut_message();
        draining_ = true;
        if (subscriber_) {
            subscriber_->stop_reading();
        }
        if (!stop_.urgent()) {
            sink_.pause();
        }
        while (!sink_.idle() && !stop_.urgent()) {
            wait(Deadline::after(Milliseconds(200)), Waiting::to_drain);
            settle();
        }
        settle();
        await_end();
        report_unread();
    }

    // Messages that are not known to be acknowledged come again, if the broker still has them.
    void await_end() {
        const std::string again =
            subscriber_ && !subscriber_->unread() ? "; the last messages may be delivered again" : "";
        try {
            const Deadline until = Deadline::after(settle_within);
            while (subscriber_ && !subscriber_->settled() && !stop_.urgent() && !until.passed()) {
                if (!subscriber_->receive() && !subscriber_->settled()) {
                    subscriber_->wait(sooner(until, Deadline::after(Milliseconds(200))), nullptr, {});
                }
            }
            if (subscriber_ && !subscriber_->settled()) {
                sink_.warn("the broker has not confirmed the end" + again);
            }
        } catch (const Error& failure) {
            sink_.warn(failure.what() + again);
        }
    }

    // If the broker has not confirmed the end, nobody can count those that were on their way within it.
    void report_unread() {
        const auto unread = subscriber_ ? subscriber_->unread() : std::nullopt;
        if (const std::uint64_t count = unread ? unwanted_ + unread->count : 0; count > 0) {
            sink_.warn("the broker had sent " + std::string(unread->all ? "" : "at least ") +
                       std::to_string(count) + " more message" + (count == 1 ? "" : "s") +
                       ", lost because of --ack delivery");
        }
    }

    const Broker& broker_;
    const Subscriptions& names_;
    SubscribeSink& sink_;
    const SubscribeOptions& options_;
    base::Stop& stop_;
    SubscribeSummary& summary_;
    SubscribePatience patience_;
    ConnectRetry first_connection_;
    ConnectRetry again_;
    bool announced_ = false;
    bool in_pieces_ = false;  // a message has begun to be handed over
    std::unique_ptr<Subscriber> subscriber_;
    Clock::time_point opened_;
    std::optional<Outage> outage_;
    bool lost_ = false;  // messages are missing
    bool draining_ = false;
    std::uint64_t unwanted_ = 0;  // messages that came when the run was over
    std::vector<pollfd> polls_;
    std::vector<Handled> handled_;
    std::size_t settled_ = 0;  // of these
};

}  // namespace

void subscribe(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
               const SubscribeOptions& options, base::Stop& stop, SubscribeSummary& summary) {
    SubscribeRun(broker, names, sink, options, stop, summary).run();
}

}  // namespace hail::pubsub
