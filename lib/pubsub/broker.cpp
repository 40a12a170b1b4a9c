#include "lib/pubsub/broker.h"

#include "lib/base/error.h"
#include "lib/pubsub/redis_publisher.h"
#include "lib/pubsub/redis_subscriber.h"

namespace hail::pubsub {

namespace {

void reject_other_brokers(const net::Address& address) {
    if (address.scheme == net::Scheme::amqp || address.scheme == net::Scheme::amqps) {
        throw base::Error(base::Exit::usage,
                          "address '" + net::display(address) + "': this build does not support RabbitMQ",
                          "use redis, rediss, redis+unix or unix");
    }
}

}  // namespace

std::unique_ptr<Publisher> open_publisher(const Broker& broker, const PublisherOptions& options,
                                          AnswerSink& answers, const base::Stop& stop) {
    reject_other_brokers(broker.address);
    PublisherOptions all = options;
    all.renew = broker.renew;
    return std::make_unique<RedisPublisher>(broker.address, broker.connect, all, answers, stop);
}

std::unique_ptr<Subscriber> open_subscriber(const Broker& broker, const Subscriptions& subscriptions,
                                            const SubscriberOptions& options, MessageSink& messages,
                                            const base::Stop& stop) {
    reject_other_brokers(broker.address);
    return std::make_unique<RedisSubscriber>(broker.address, broker.connect, subscriptions, options, messages,
                                             stop);
}

std::string publisher_handshake(const net::Address& address) {
    reject_other_brokers(address);
    return redis::shown_handshake(address, {});
}

std::string published_bytes(const net::Address& address, const Message& message) {
    reject_other_brokers(address);
    return redis_publish(message);
}

std::string subscriber_bytes(const net::Address& address, const Subscriptions& subscriptions) {
    reject_other_brokers(address);
    return redis::shown_handshake(address, subscriber_session) + redis_subscribe(subscriptions);
}

}  // namespace hail::pubsub
