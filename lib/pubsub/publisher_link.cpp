#include "lib/pubsub/publisher_link.h"

#include <cstdint>
#include <utility>

#include "lib/base/random.h"

namespace hail::pubsub {

namespace {

constexpr std::uint32_t first_jitter = 100;  // milliseconds, so that clients do not all come back at once
constexpr base::Milliseconds usual_wait(30'000);  // for a broker that was lost, if no option says how long

ConnectRetryOptions reconnect_options(const Broker& broker, const PublishOptions& options) {
    ConnectRetryOptions result = broker.retry;
    if (!result.any() && options.on_lost != PublishOptions::OnLost::stop) {
        result.wait = usual_wait;
    }
    return result;
}

// A message that is refused for now can only be sent again if no later one was accepted.
PublisherOptions publisher_options(const Broker& broker, const PublishOptions& options) {
    const PublisherOptions usual;
    return {.window = options.window,
            .first_window = broker.retry.any() ? 1 : usual.first_window,
            .counts_all = options.require_receivers > 0,
            .receivers = options.receivers,
            .stream = options.stream,
            .amqp = options.amqp};
}

}  // namespace

PublisherLink::PublisherLink(const Broker& broker, const PublishOptions& options, const base::Deadline& whole,
                             AnswerSink& answers, Warn warn, const base::Stop& stop)
    : broker_(broker),
      options_(publisher_options(broker, options)),
      whole_(whole),
      answers_(answers),
      warn_(std::move(warn)),
      stop_(stop),
      retry_(reconnect_options(broker, options), whole, stop, warn_),
      publisher_(connect_with_retry(ConnectRetry(broker.retry, whole, stop, warn_),
                                    [&] { return open(broker.address); })) {
    show_warnings();
    retry_.reset();
}

std::unique_ptr<Publisher> PublisherLink::open(const net::Address& address) {
    Broker broker = broker_.limited(whole_);
    broker.address = address;
    return open_publisher(broker, options_, answers_, stop_);
}

void PublisherLink::show_warnings() {
    for (; warned_ < publisher_->warnings().size(); ++warned_) {
        warn_(publisher_->warnings()[warned_]);
    }
}

bool PublisherLink::may_retry(const base::Error& failure) {
    return retry_.next_after(failure.what()) == ConnectRetry::Next::attempt;
}

std::optional<net::NotReached> PublisherLink::connect_again(net::NotReached failure, First first) {
    publisher_.reset();
    const bool at_once = first == First::at_once && retry_.is_first() &&
                         stop_.sleep(base::Milliseconds(base::random_number() % first_jitter));
    for (bool attempt = at_once || may_retry(failure); attempt; attempt = may_retry(failure)) {
        try {
            publisher_ = open_anew(broker_.address, broker_.renew,
                                   [this](const net::Address& address) { return open(address); });
            warned_ = 0;
            show_warnings();
            return std::nullopt;
        } catch (const net::NotReached& error) {
            failure = error;
        }
    }
    return failure;
}

}  // namespace hail::pubsub
