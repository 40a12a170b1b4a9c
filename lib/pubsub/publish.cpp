#include "lib/pubsub/publish.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "lib/base/token_bucket.h"
#include "lib/pubsub/kept_messages.h"
#include "lib/pubsub/publish_patience.h"
#include "lib/pubsub/publisher_link.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;
using base::Milliseconds;

// More would not help: the window is for what the broker has not answered yet.
constexpr std::size_t most_kept_bytes = 8UL * 1024 * 1024;

// The messages that may be sent at once: those of 10 ms.
std::size_t burst(double rate) {
    return static_cast<std::size_t>(std::max(1.0, rate / 100));
}

// The last attempt was refused, but nobody knows about one before it.
Error doubtful(const Error& error) {
    return {error.exit(),
            std::string(error.what()) +
                "; it was sent before the connection broke, and may have been published then",
            error.hint()};
}

class PublishRun : private AnswerSink {
  public:
    PublishRun(const Broker& broker, MessageSource& source, PublishSink& sink, const PublishOptions& options,
               base::Stop& stop)
        : broker_(broker),
          source_(source),
          sink_(sink),
          options_(options),
          stop_(stop),
          patience_({broker.connect.timeout, broker.connect.idle_timeout, options.drain_timeout}),
          bucket_(options.rate, burst(options.rate)),
          keeps_(keeps_messages(broker, options)),
          publisher_(
              broker, options, patience_.whole(), *this,
              [&sink](const std::string& what) { sink.warn(what); }, stop) {}

    PublishSummary run() {
        try {
            while (!done()) {
                move();
            }
        } catch (const Error& error) {
            summary_.failure.emplace(error);
        }
        pause_at_end();
        conclude();
        return std::move(summary_);
    }

  private:
    // The messages are accounted for even if what was shown cannot be written.
    void pause_at_end() {
        try {
            sink_.pause();
        } catch (const Error& error) {
            if (!summary_.failure) {
                summary_.failure.emplace(error);
            }
        }
    }

    enum class Reading {
        ready,        // the source may have more
        needs_input,  // the source must be waited for
        ended,        // the source is at its end, or no more is wanted
    };

    void accepted(std::uint64_t number, const Accepted& answer) override {
        publisher_.answered();
        if (keeps_) {
            // A message that is sent after this one would come in another order.
            refuse_held(number);
            summary_.resent += kept_.answered(number) ? 1U : 0U;
            spent_ = false;
        }
        ++summary_.accepted;
        sink_.accepted(number, answer);
        const std::int64_t receivers = answer.receivers.value_or(0);
        if (options_.require_receivers > static_cast<std::uint64_t>(receivers)) {
            ++summary_.unheard;
            const Error error(Exit::refused, "received by " + std::to_string(receivers) + " instead of " +
                                                 std::to_string(options_.require_receivers) + " subscribers");
            sink_.refused(number, error, Refused::message);
            if (options_.after_refusal == PublishOptions::AfterRefusal::stop_reading) {
                reading_ = Reading::ended;
            }
        }
    }

    void refused(std::uint64_t number, const Error& error, Refused what) override {
        if (keeps_ && what == Refused::for_now && broker_.retry.any() && stop_.raised() == 0 && !spent_) {
            kept_.hold(number, error);
            return;
        }
        const bool maybe_published = keeps_ && kept_.answered(number);
        refuse(number, maybe_published ? doubtful(error) : error, what);
    }

    void refuse(std::uint64_t number, const Error& error, Refused what) {
        ++summary_.refused;
        if (what == Refused::channel && options_.channels == PublishOptions::Channels::one) {
            what = Refused::client;
        }
        sink_.refused(number, error, what);
        const bool hopeless = what == Refused::client;
        if (hopeless && summary_.hopeless == 0) {
            summary_.hopeless = number;
        }
        if (hopeless || options_.after_refusal == PublishOptions::AfterRefusal::stop_reading) {
            reading_ = Reading::ended;
        }
    }

    void refuse_held(std::uint64_t before) {
        if (kept_.any_held()) {
            for (const auto& [number, error, maybe_published] : kept_.take_held(before)) {
                refuse(number, maybe_published ? doubtful(error) : error, Refused::for_now);
            }
        }
    }

    void set_failure(Exit exit, const std::string& why, const std::string& hint) {
        summary_.failure.emplace(exit, "publishing to " + net::display(broker_.address) + ": " + why, hint);
    }

    bool done() const {
        const bool nothing_left = kept_.empty() || summary_.hopeless != 0;
        return given_up_ || (publisher_->in_flight() == 0 && nothing_left && reading_ == Reading::ended);
    }

    bool can_fill() const {
        const bool paced = paced_until_ && !paced_until_->passed();
        const bool may_read = !paced && reading_ == Reading::ready && kept_.bytes() < most_kept_bytes;
        return (may_read || kept_.any_waiting()) && summary_.hopeless == 0 && !kept_.any_held() &&
               publisher_->has_room();
    }

    void move() {
        notice_stop();
        try {
            fill();
            publisher_->exchange();
        } catch (const net::NotReached& failure) {
            // Nothing of what is in flight was taken: the broker is full, or it is gone and all was answered.
            const bool had_answers = summary_.accepted + summary_.refused > 0;
            if (!keeps_ || (!broker_.retry.any() && !had_answers)) {
                throw;
            }
            connect_again(failure, PublisherLink::First::after_a_wait);
            return;
        }
        publisher_.show_warnings();
        if (publisher_->broken()) {
            lost();
        } else if (kept_.any_held() && publisher_->in_flight() == 0) {
            send_held_again();
        } else if (!done() && !can_fill()) {
            sink_.pause();
            wait();
        }
    }

    void fill() {
        MessageSource::Item item;
        while (can_fill()) {
            if (kept_.any_waiting()) {
                const auto [message, number] = kept_.waiting();
                publisher_->publish(message, number);
                kept_.sent();
                continue;
            }
            if (options_.rate > 0 && !in_pieces_) {
                paced_until_ = bucket_.wait_for(1, Deadline::Clock::now());
                if (paced_until_) {
                    return;
                }
            }
            switch (next(item)) {
                case MessageSource::Next::item:
                    take(item);
                    break;
                case MessageSource::Next::wait:
                    reading_ = Reading::needs_input;
                    break;
                case MessageSource::Next::end:
                    reading_ = Reading::ended;
                    source_ended_ = !summary_.failure;
                    given_up_ = given_up_ || in_pieces_;  // the rest of that message will never come
                    break;
            }
        }
    }

    void take(const MessageSource::Item& item) {
        const bool first = !in_pieces_;
        bucket_.take(first ? 1 : 0);
        if (keeps_) {
            kept_.keep(item.message, item.number);
        } else {
            publisher_->publish(item.message, item.number);
        }
        summary_.read += first ? 1 : 0;
        in_pieces_ = item.message.more;
        summary_.last = item.number;
    }

    MessageSource::Next next(MessageSource::Item& item) {
        try {
            return source_.next(item);
        } catch (const Error& error) {
            summary_.failure.emplace(error);  // messages in flight are drained first
            return MessageSource::Next::end;
        }
    }

    void lost() {
        using OnLost = PublishOptions::OnLost;
        const Loss loss = publisher_->loss();
        const bool may_go_on = loss.unknown > 0 ? options_.on_lost != OnLost::stop : keeps_;
        if (!may_go_on || summary_.hopeless != 0 || stop_.raised() != 0) {
            given_up_ = true;
            return;
        }
        refuse_held(std::numeric_limits<std::uint64_t>::max());
        kept_.send_again(loss.unknown);
        const std::string what = "publishing to " + net::display(broker_.address) + ": " + loss.why.why;
        if (loss.unknown > 0) {
            const bool skips = options_.on_lost == OnLost::skip;
            sink_.warn(
                what + "; " + std::to_string(loss.unknown) +
                (skips ? " without an answer are unknown and skipped" : " without an answer are sent again"));
            if (skips) {
                skipped_ += loss.unknown;
                kept_.drop_maybe_published();
            }
        }
        connect_again({loss.why.exit, what, loss.why.hint}, PublisherLink::First::at_once);
    }

    void connect_again(const net::NotReached& failure, PublisherLink::First first) {
        sink_.pause();
        kept_.send_again(0);
        if (const auto last = publisher_.connect_again(failure, first)) {
            given_up_ = true;
            if (stop_.raised() == 0) {
                const Exit exit = kept_.maybe_published() > 0 ? Exit::unknown : Exit::unreachable;
                summary_.failure.emplace(exit, last->what(), last->hint());
            }
        }
    }

    void send_held_again() {
        sink_.pause();
        if (publisher_.may_retry(kept_.first_error())) {
            kept_.send_again(0);
        } else if (stop_.raised() != 0) {
            given_up_ = true;
        } else {
            spent_ = true;
            refuse_held(std::numeric_limits<std::uint64_t>::max());
        }
    }

    // A signal may come at any time, not only during a wait.
    void notice_stop() {
        if (stop_.raised() != 0 && !patience_.stopping()) {
            reading_ = Reading::ended;
            patience_.stop();
        }
    }

    void wait() {
        patience_.watch({.answers = summary_.accepted + summary_.refused,
                         .draining = reading_ == Reading::ended,
                         .blocked = publisher_->blocked(),
                         .waiting = publisher_->in_flight() > 0});
        std::array<pollfd, 1> others{
            {{reading_ == Reading::needs_input ? source_.descriptor() : -1, POLLIN, 0}}};
        // The time of the next message matters only while one is wanted.
        const Deadline next = reading_ == Reading::ended ? Deadline() : paced_until_.value_or(Deadline());
        const net::Ready ready =
            publisher_->wait(sooner(patience_.next(), next), patience_.stopping() ? nullptr : &stop_, others);
        if (ready.others && reading_ == Reading::needs_input) {
            reading_ = Reading::ready;
        }
        notice_stop();
        give_up_if_late();
    }

    void give_up_if_late() {
        const bool no_more_wanted = stop_.raised() != 0 || summary_.hopeless != 0;
        if (stop_.urgent() || (no_more_wanted && patience_.is_silent())) {
            given_up_ = true;
        } else if (const std::string_view option = patience_.passed_option(); !option.empty()) {
            set_failure(Exit::timed_out, "the time limit passed",
                        "allow more time with " + std::string(option));
            given_up_ = true;
        }
    }

    void conclude() {
        Loss& loss = summary_.loss;
        if (publisher_.is_open()) {
            loss = publisher_->loss();
        }
        if (publisher_.is_open() && publisher_->broken() && !summary_.failure && summary_.hopeless == 0) {
            const Exit exit = loss.unknown > 0 ? Exit::unknown : Exit::unreachable;
            set_failure(exit, loss.why.why, loss.why.hint);
        }
        if (keeps_) {
            kept_.send_again(loss.unknown);
            loss.unknown = kept_.maybe_published();
            loss.not_sent = kept_.size() - loss.unknown;
            loss.first_tag = kept_.empty() ? 0 : kept_.first_tag();
        }
        const std::uint64_t open = loss.unknown + loss.not_sent;
        summary_.resume_at = open > 0 ? loss.first_tag : summary_.last + 1;
        summary_.complete =
            open == 0 && source_ended_ && stop_.raised() == 0 && !summary_.failure && summary_.hopeless == 0;
        if (summary_.hopeless != 0 && !summary_.failure) {
            summary_.refused += open;
            summary_.resume_at = summary_.hopeless;
            loss = {};
        }
        loss.unknown += skipped_;
    }

    const Broker& broker_;
    MessageSource& source_;
    PublishSink& sink_;
    const PublishOptions& options_;
    base::Stop& stop_;
    PublishPatience patience_;
    base::TokenBucket bucket_;
    std::optional<Deadline> paced_until_;  // the next message may be read then
    const bool keeps_;                     // messages are kept until they are answered
    KeptMessages kept_;
    PublishSummary summary_;
    Reading reading_ = Reading::ready;
    bool given_up_ = false;  // messages in flight are not waited for any longer
    bool spent_ = false;     // no attempts are left for messages that are refused for now
    bool source_ended_ = false;
    bool in_pieces_ = false;     // the rest of the last message follows
    std::uint64_t skipped_ = 0;  // unknown messages that were not sent again
    PublisherLink publisher_;
};

}  // namespace

bool keeps_messages(const Broker& broker, const PublishOptions& options) {
    return broker.retry.any() || options.on_lost != PublishOptions::OnLost::stop;
}

PublishSummary publish(const Broker& broker, MessageSource& source, PublishSink& sink,
                       const PublishOptions& options, base::Stop& stop) {
    return PublishRun(broker, source, sink, options, stop).run();
}

}  // namespace hail::pubsub
