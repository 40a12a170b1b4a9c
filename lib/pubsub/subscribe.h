// A subscription run, from a broker to a sink. It ends when enough messages have come, the time is over, the
// stop is raised or the connection is lost.
//
// Throws:  as open_subscriber() and Subscriber do, Error(timed_out) if something was still awaited, and
//          whatever the sink throws. pause() is called first, so that all messages have been shown.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

class SubscribeSink : public MessageSink {
  public:
    virtual void ready() = 0;  // the broker has confirmed every subscription
    virtual void pause() = 0;  // nothing more comes right now: show everything so far

    // A descriptor whose hang-up ends the run, or -1; and the function that is called then.
    virtual int watched() const = 0;
    virtual void hung_up() = 0;
};

struct SubscribeOptions {
    std::uint64_t count = 0;  // the run ends after this many messages; 0: never
    // Both begin when every subscription is confirmed, which must happen within the connect timeout,
    // --timeout and the duration itself.
    std::optional<base::Milliseconds> duration{};      // the run ends after this time
    std::optional<base::Milliseconds> first_within{};  // limit for the first message
};

void subscribe(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
               const SubscribeOptions& options, base::Stop& stop);

}  // namespace hail::pubsub
