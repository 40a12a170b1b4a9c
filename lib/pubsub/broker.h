// The broker that an address names: Redis or, unless the build leaves it out, RabbitMQ.
//
// Throws:  Error(usage) for a broker that this build does not support.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/connect_retry.h"
#include "lib/pubsub/publisher.h"
#include "lib/pubsub/renewal.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

// The settings of every connection to a broker. The address carries the user and the password.
struct Broker {
    net::Address address;
    net::ConnectOptions connect;
    ConnectRetryOptions retry{};  // for the first connection
    RenewAddress renew{};         // for every later one; empty: the address does not change
    AmqpConnection amqp{};

    // The same, with so little time to connect and to log in that it ends by then.
    Broker limited(const base::Deadline& until) const;
};

// The sink and the stop must outlive the publisher or subscriber.
std::unique_ptr<Publisher> open_publisher(const Broker& broker, const PublisherOptions& options,
                                          AnswerSink& answers, const base::Stop& stop);
std::unique_ptr<Subscriber> open_subscriber(const Broker& broker, const Subscriptions& subscriptions,
                                            const SubscriberOptions& options, MessageSink& messages,
                                            const base::Stop& stop);

bool is_amqp(const net::Address& address);

// The bytes that would go over the wire, with the password masked: for a dry run.
std::string publisher_handshake(const Broker& broker, const PublisherOptions& options = {});
std::string declaration_bytes(const Broker& broker, const Message& message,
                              const PublisherOptions& options);  // those that precede the first to a channel
std::string published_bytes(const Broker& broker, const Message& message, std::uint64_t tag = 0,
                            const PublisherOptions& options = {});
std::string requester_handshake(const Broker& broker, const std::string& inbox);  // of requests that name it
std::string subscriber_bytes(const Broker& broker, const Subscriptions& subscriptions,
                             const SubscriberOptions& options = {});

}  // namespace hail::pubsub
