// Publishes the answers of a service, on a connection of its own.
//
// Shape:   the connection is made for the first answer, and again after a fault. The answer is then sent once
//          more, because its receiver takes only one. An answer that does not get through either is counted
//          and told, and the service goes on.
// Throws:  Error with the stop's exit after a second signal.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/message.h"
#include "lib/pubsub/request.h"

namespace hail::pubsub {

class AnswerPublisher {
  public:
    using Warn = std::function<void(const std::string&)>;

    // Everything given must outlive this.
    AnswerPublisher(const Broker& broker, const base::Stop& stop, Warn warn);

    // Waits for the broker's confirmation, at most 10 s, and calls `meanwhile` several times a second.
    void publish(const Message& answer, const std::function<void()>& meanwhile);

    // Answers that are lost, or may be; without those that nobody waited for.
    std::uint64_t lost() const { return lost_; }

  private:
    void send(const Message& answer, const std::function<void()>& meanwhile);
    void note_lost(const Message& answer, const base::Error& failure);

    const Broker& broker_;
    const base::Stop& stop_;
    Warn warn_;
    std::unique_ptr<SinglePublisher> publisher_;
    std::uint64_t lost_ = 0;
};

}  // namespace hail::pubsub
