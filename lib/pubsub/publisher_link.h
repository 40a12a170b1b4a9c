// The connection of a publishing run: a publisher that is opened again after a loss.
//
// Shape:   the constructor connects, with the retries of the broker. After a loss, attempts follow with
//          back-off and jitter, each with secrets that are read anew, until the options allow no more.
// Throws:  as open_publisher(). connect_again() returns a failure that another try might have mended.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/byte_stream.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/connect_retry.h"
#include "lib/pubsub/publish.h"
#include "lib/pubsub/publisher.h"

namespace hail::pubsub {

class PublisherLink {
  public:
    using Warn = std::function<void(const std::string&)>;

    // `whole` limits all attempts. Everything given must outlive the link.
    PublisherLink(const Broker& broker, const PublishOptions& options, const base::Deadline& whole,
                  AnswerSink& answers, Warn warn, const base::Stop& stop);

    // Nothing after an attempt to connect again that failed.
    bool is_open() const { return publisher_ != nullptr; }
    Publisher* operator->() { return publisher_.get(); }
    const Publisher* operator->() const { return publisher_.get(); }

    void show_warnings();

    // The broker answered: the next loss begins a new series of attempts.
    void answered() { retry_.reset(); }

    // Waits for the time of another attempt; false if none is left or the stop was raised.
    bool may_retry(const base::Error& failure);

    // An attempt at once needs an answer since the last one. Returns the last failure if no attempt
    // succeeded.
    enum class First { at_once, after_a_wait };
    std::optional<net::NotReached> connect_again(net::NotReached failure, First first);

  private:
    std::unique_ptr<Publisher> open(const net::Address& address);

    const Broker& broker_;
    PublisherOptions options_;
    const base::Deadline& whole_;
    AnswerSink& answers_;
    Warn warn_;
    const base::Stop& stop_;
    ConnectRetry retry_;
    std::size_t warned_ = 0;  // of the publisher's warnings
    std::unique_ptr<Publisher> publisher_;
};

}  // namespace hail::pubsub
