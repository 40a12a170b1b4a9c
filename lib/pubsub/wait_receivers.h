// Waits until somebody listens to a channel, so that the first message is not published to nobody.
//
// Shape:   asks the server over a connection of its own, ten times a second. A subscription to any pattern
//          counts, because a server does not tell which channels a pattern matches. RabbitMQ tells only who
//          consumes from a queue, and a queue that does not exist yet may still be made.
// Throws:  Error(timed_out) if nobody came in time; Error(refused) if the server does not tell, Error(usage)
//          for an exchange of RabbitMQ; the stop's exit; also whatever opening a connection throws.
// Source:  https://redis.io/docs/latest/commands/pubsub-numsub, pubsub-numpat.

#pragma once

#include <string>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"

namespace hail::pubsub {

// The limit begins when there is a connection; all of it ends by `whole`.
void wait_for_receivers(const Broker& broker, const std::string& channel, base::Milliseconds limit,
                        const base::Deadline& whole, const ReportRetry& report, const base::Stop& stop);

}  // namespace hail::pubsub
