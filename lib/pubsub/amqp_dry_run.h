// The bytes that would go to a RabbitMQ server, with the password masked: for a dry run.
//
// Throws:  Error(usage), as the publisher and the subscriber do.

#pragma once

#include <cstdint>
#include <string>

#include "lib/pubsub/broker.h"

namespace hail::pubsub {

std::string amqp_publisher_handshake(const Broker& broker);
std::string amqp_requester_handshake(const Broker& broker);
std::string amqp_declaration_bytes(const Message& message, const PublisherOptions& options);
std::string amqp_published_bytes(const Broker& broker, const Message& message, std::uint64_t tag,
                                 const PublisherOptions& options);
std::string amqp_subscriber_bytes(const Broker& broker, const Subscriptions& subscriptions,
                                  const SubscriberOptions& options);

}  // namespace hail::pubsub
