// A subscription run, from a broker to a sink. It ends when enough messages have come, the time is over, the
// stop is raised, or the connection is lost for good.
//
// Shape:   a lost connection is made again, with back-off and jitter, a fresh look at the name and fresh
//          secrets; the sink learns of the gap. Nothing here waits for one thing alone: while the broker is
//          awaited, the sink's descriptors are served, and the other way round.
// Throws:  as open_subscriber() and Subscriber do, Error(timed_out) if something was still awaited, and
//          whatever the sink throws. The sink has shown all messages before, as far as it can.

#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

// A time without a connection. Messages that were published then are lost, unless the broker kept them.
struct Gap {
    std::chrono::system_clock::time_point from;
    std::chrono::system_clock::time_point to;
    base::Milliseconds duration{0};
    std::string reason;
    bool lost = true;  // false: the broker kept what was published meanwhile
};

struct Handled {
    std::uint64_t delivery = 0;
    Settlement settlement = Settlement::done;
};

class SubscribeSink : public MessageSink {
  public:
    virtual void ready() = 0;              // the broker has confirmed every subscription, for the first time
    virtual void gap(const Gap& gap) = 0;  // the connection is back
    virtual void cut() = 0;                // the rest of a message that came in pieces will never come
    virtual void pause() = 0;              // nothing more comes right now: show what can be shown at once

    // False if the sink keeps so much that the connection must not be read for now. Only for a broker that
    // waits for acknowledgements; from any other, everything is taken.
    virtual bool takes_more() const = 0;

    // Adds the descriptors to wait for, and receives them with their revents after each wait.
    virtual void add_polls(std::vector<pollfd>& polls) = 0;
    virtual void polled(std::span<const pollfd> polls) = 0;

    // A sink that waits for something alone calls this meanwhile, several times a second.
    virtual void keep_alive_with(const std::function<void()>& /*keep_alive*/) {}

    virtual bool idle() const = 0;                            // every message is shown or handled
    virtual void collect(std::vector<Handled>& handled) = 0;  // adds what was handled since the last call
};

struct SubscribeOptions {
    std::uint64_t count = 0;  // the run ends after this many messages; 0: never
    // Both begin when every subscription is confirmed for the first time, which must happen within the
    // connect timeout, --timeout and the duration itself.
    std::optional<base::Milliseconds> duration{};      // the run ends after this time
    std::optional<base::Milliseconds> first_within{};  // limit for the first message
    bool reconnect = true;
    bool fail_on_gap = false;  // a gap in which messages may be lost ends the run
    SubscriberOptions subscriber{};
};

struct SubscribeSummary {
    std::uint64_t received = 0;
    std::uint64_t gaps = 0;
};

// The summary is up to date at any time, also when an exception ends the run.
void subscribe(const Broker& broker, const Subscriptions& names, SubscribeSink& sink,
               const SubscribeOptions& options, base::Stop& stop, SubscribeSummary& summary);

}  // namespace hail::pubsub
