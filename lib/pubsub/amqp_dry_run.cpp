#include "lib/pubsub/amqp_dry_run.h"

#include "lib/amqp/codec.h"
#include "lib/amqp/frame.h"
#include "lib/amqp/session.h"
#include "lib/pubsub/amqp_declaration.h"
#include "lib/pubsub/amqp_encoder.h"
#include "lib/pubsub/amqp_publisher.h"
#include "lib/pubsub/amqp_requester.h"
#include "lib/pubsub/amqp_subscriber.h"

namespace hail::pubsub {

std::string amqp_publisher_handshake(const Broker& broker) {
    return amqp::shown_handshake(broker.address, broker.connect, session_options(broker.amqp)) +
           amqp::open_publishing(amqp::first_channel);
}

std::string amqp_requester_handshake(const Broker& broker) {
    return amqp::shown_handshake(broker.address, broker.connect, session_options(broker.amqp)) +
           amqp_requester_opening();
}

// Looks for the channel, or makes it in a certain form.
std::string amqp_declaration_bytes(const Message& message, const PublisherOptions& options) {
    if (!options.amqp.declare) {
        return {};
    }
    const amqp::Place place = amqp::parse_channel(message.channel);
    return wants_form(place, *options.amqp.declare) ? declaration(place, *options.amqp.declare)
                                                    : question_for(place);
}

std::string amqp_published_bytes(const Broker&, const Message& message, std::uint64_t tag,
                                 const PublisherOptions& options) {
    AmqpEncoder encoder(options.amqp);
    encoder.prepare(message, tag);
    net::OutBlocks out;
    encoder.append(out, 1, message.payload.size(), message.payload, amqp::usual_frame_max);
    return out.text();
}

std::string amqp_subscriber_bytes(const Broker& broker, const Subscriptions& subscriptions,
                                  const SubscriberOptions& options) {
    return amqp::shown_handshake(broker.address, broker.connect, session_options(broker.amqp)) +
           amqp_request(amqp_reading(subscriptions, options.amqp), options.amqp, *options.amqp_state, {})
               .frames;
}

}  // namespace hail::pubsub
