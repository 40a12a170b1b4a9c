// Messages from a broker to a sink, until enough came, the time is over, the stop is raised or the connection
// is lost.
//
// Throws:  as open_subscriber() and Subscriber do, Error(timed_out) when something was still awaited, and
//          what the sink throws. pause() was called before, so that what came has been shown.

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
    virtual void warn(const std::string& what) = 0;  // of the connection: odd, and no failure
    virtual void ready() = 0;                        // the broker has confirmed every subscription
    virtual void pause() = 0;                        // nothing more comes right now: show what there is

    // A descriptor whose hang-up ends the run, -1 for none; and what is called then.
    virtual int watched() const = 0;
    virtual void hung_up() = 0;
};

struct SubscribeOptions {
    std::uint64_t count = 0;                           // messages after which to end; 0: never
    std::optional<base::Milliseconds> duration{};      // after which to end
    std::optional<base::Milliseconds> first_within{};  // limit for the first message, once subscribed
};

void subscribe(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
               const SubscribeOptions& options, base::Stop& stop);

}  // namespace hail::pubsub
