#include "lib/pubsub/publish.h"

#include <array>
#include <memory>

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;
using base::Milliseconds;

constexpr Milliseconds drain_after_signal(2'000);

class PublishRun : private AnswerSink {
  public:
    PublishRun(const Broker& broker, MessageSource& source, PublishSink& sink, const PublishOptions& options,
               base::Stop& stop)
        : broker_(broker),
          source_(source),
          sink_(sink),
          options_(options),
          stop_(stop),
          whole_(Deadline::after(broker.connect.timeout)),
          publisher_(connect_with_retry(
              ConnectRetry(broker.retry, stop, [&sink](const std::string& what) { sink.warn(what); }),
              [&] { return open_publisher(broker, {.window = options.window}, *this, stop); })) {
        for (const auto& warning : publisher_->warnings()) {
            sink.warn(warning);
        }
    }

    PublishSummary run() {
        try {
            while (!done()) {
                fill();
                publisher_->exchange();
                if (!done() && !can_fill()) {
                    sink_.pause();
                    wait();
                }
            }
        } catch (const Error& error) {
            summary_.failure.emplace(error);
        }
        sink_.pause();
        summary_.loss = publisher_->loss();
        if (summary_.hopeless != 0 && !summary_.failure) {
            summary_.refused += summary_.loss.unknown + summary_.loss.not_sent;
            summary_.loss = {};
        } else if (publisher_->broken() && !summary_.failure) {
            const Exit exit = summary_.loss.unknown > 0 ? Exit::unknown : Exit::unreachable;
            set_failure(exit, summary_.loss.why.why, summary_.loss.why.hint);
        }
        return std::move(summary_);
    }

  private:
    enum class Reading {
        ready,        // the source may have more
        needs_input,  // the source must be waited for
        ended,        // the source is at its end, or no more is wanted
    };

    void accepted(std::uint64_t number, const Accepted& answer) override {
        ++summary_.accepted;
        sink_.accepted(number, answer);
    }

    void refused(std::uint64_t number, const Error& error, Refused what) override {
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

    void set_failure(Exit exit, const std::string& why, const std::string& hint) {
        summary_.failure.emplace(exit, "publishing to " + net::display(broker_.address) + ": " + why, hint);
    }

    bool done() const {
        return publisher_->broken() || given_up_ ||
               (publisher_->in_flight() == 0 && reading_ == Reading::ended);
    }
    bool can_fill() const { return reading_ == Reading::ready && publisher_->has_room(); }

    void fill() {
        MessageSource::Item item;
        while (can_fill()) {
            switch (next(item)) {
                case MessageSource::Next::item:
                    publisher_->publish(item.message, item.number);
                    ++summary_.read;
                    summary_.last = item.number;
                    break;
                case MessageSource::Next::wait:
                    reading_ = Reading::needs_input;
                    break;
                case MessageSource::Next::end:
                    reading_ = Reading::ended;
                    break;
            }
        }
    }

    MessageSource::Next next(MessageSource::Item& item) {
        try {
            return source_.next(item);
        } catch (const Error& error) {
            summary_.failure.emplace(error);  // messages in flight are drained first
            return MessageSource::Next::end;
        }
    }

    void wait() {
        const bool draining = reading_ == Reading::ended;
        watch_progress(draining);
        std::array<pollfd, 1> others{
            {{reading_ == Reading::needs_input ? source_.descriptor() : -1, POLLIN, 0}}};
        const bool stopping = stop_.raised() != 0;
        const net::Ready ready =
            publisher_->wait(sooner(whole_, patience_), stopping ? nullptr : &stop_, others);
        if (ready.stopped && !stopping) {
            reading_ = Reading::ended;
            patience_ = Deadline::after(drain_after_signal);
        } else if (ready.others) {
            reading_ = Reading::ready;
        }
        give_up_if_late(draining);
    }

    // The limit for silence starts again with every answer.
    void watch_progress(bool draining) {
        const std::uint64_t answers = summary_.accepted + summary_.refused;
        if (stop_.raised() != 0 || (watched_ == answers && draining == was_draining_)) {
            return;
        }
        watched_ = answers;
        was_draining_ = draining;
        const auto idle = publisher_->in_flight() > 0 ? broker_.connect.idle_timeout : std::nullopt;
        patience_ = Deadline::after(draining ? options_.drain_timeout : idle);
    }

    void give_up_if_late(bool draining) {
        if (stop_.urgent() || (stop_.raised() != 0 && patience_.passed())) {
            given_up_ = true;
        } else if (summary_.hopeless != 0 && patience_.passed()) {
            given_up_ = true;
        } else if (whole_.passed() || (patience_.passed() && (draining || publisher_->in_flight() > 0))) {
            const std::string option = whole_.passed() ? "--timeout"
                                       : draining      ? "--drain-timeout"
                                                       : "--idle-timeout";
            set_failure(Exit::timed_out, "the time limit passed", "allow more time with " + option);
            given_up_ = true;
        }
    }

    const Broker& broker_;
    MessageSource& source_;
    PublishSink& sink_;
    const PublishOptions& options_;
    base::Stop& stop_;
    Deadline whole_;
    Deadline patience_;
    PublishSummary summary_;
    std::uint64_t watched_ = 0;  // the number of answers when the limit for silence began
    Reading reading_ = Reading::ready;
    bool given_up_ = false;  // messages in flight are not waited for any longer
    bool was_draining_ = false;
    std::unique_ptr<Publisher> publisher_;
};

}  // namespace

PublishSummary publish(const Broker& broker, MessageSource& source, PublishSink& sink,
                       const PublishOptions& options, base::Stop& stop) {
    return PublishRun(broker, source, sink, options, stop).run();
}

void dry_run(const net::Address& address, MessageSource& source,
             const std::function<void(const std::string&)>& show, const base::Stop& stop) {
    show(publisher_handshake(address));
    MessageSource::Item item;
    for (;;) {
        switch (source.next(item)) {
            case MessageSource::Next::item:
                show(published_bytes(address, item.message));
                break;
            case MessageSource::Next::wait:
                if (!stop.wait_readable(source.descriptor())) {
                    return;
                }
                break;
            case MessageSource::Next::end:
                return;
        }
    }
}

}  // namespace hail::pubsub
