#include "lib/pubsub/broker.h"

#include "lib/base/error.h"
#include "lib/pubsub/redis_publisher.h"
#include "lib/pubsub/redis_stream_publisher.h"
#include "lib/pubsub/redis_stream_subscriber.h"
#include "lib/pubsub/redis_subscriber.h"
#include "lib/redis/node.h"

namespace hail::pubsub {

namespace {

void reject_other_brokers(const net::Address& address) {
    if (address.scheme == net::Scheme::amqp || address.scheme == net::Scheme::amqps) {
        throw base::Error(base::Exit::usage,
                          "address '" + net::display(address) + "': this build does not support RabbitMQ",
                          "use redis, rediss, valkey, valkeys, redis+unix or unix, or a hail that was built "
                          "with -DHAIL_AMQP=ON");
    }
}

}  // namespace

std::unique_ptr<Publisher> open_publisher(const Broker& broker, const PublisherOptions& options,
                                          AnswerSink& answers, const base::Stop& stop) {
    reject_other_brokers(broker.address);
    PublisherOptions all = options;
    all.renew = broker.renew;
    if (options.stream) {
        return std::make_unique<RedisStreamPublisher>(broker.address, broker.connect, all, answers, stop);
    }
    return std::make_unique<RedisPublisher>(broker.address, broker.connect, all, answers, stop);
}

std::unique_ptr<Subscriber> open_subscriber(const Broker& broker, const Subscriptions& subscriptions,
                                            const SubscriberOptions& options, MessageSink& messages,
                                            const base::Stop& stop) {
    reject_other_brokers(broker.address);
    if (options.stream) {
        return std::make_unique<RedisStreamSubscriber>(broker.address, broker.connect, subscriptions.channels,
                                                       options, messages, stop);
    }
    return std::make_unique<RedisSubscriber>(broker.address, broker.connect, subscriptions, options, messages,
                                             stop);
}

std::string publisher_handshake(const net::Address& address, const std::optional<StreamAppend>& stream) {
    reject_other_brokers(address);
    return redis::shown_handshake(address, {}) + (stream ? "" : std::string(redis::node_question));
}

std::string published_bytes(const net::Address& address, const Message& message, std::uint64_t tag,
                            const std::optional<StreamAppend>& stream) {
    reject_other_brokers(address);
    return stream ? redis_stream_publish(message, tag, *stream) : redis_publish(message);
}

std::string subscriber_bytes(const net::Address& address, const Subscriptions& subscriptions,
                             const SubscriberOptions& options) {
    reject_other_brokers(address);
    return redis::shown_handshake(address, options.stream ? subscriber_session : session_for(subscriptions)) +
           (options.stream ? redis_stream_commands(subscriptions.channels, options.stream->options)
                           : redis_subscribe(subscriptions));
}

}  // namespace hail::pubsub
