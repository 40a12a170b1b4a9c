#include "lib/pubsub/broker.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/pubsub/redis_publisher.h"
#include "lib/pubsub/redis_stream_publisher.h"
#include "lib/pubsub/redis_stream_subscriber.h"
#include "lib/pubsub/redis_subscriber.h"
#include "lib/pubsub/request.h"
#include "lib/redis/node.h"

#ifdef HAIL_AMQP
#include "lib/pubsub/amqp_dry_run.h"
#include "lib/pubsub/amqp_publisher.h"
#include "lib/pubsub/amqp_requester.h"
#include "lib/pubsub/amqp_subscriber.h"
#endif

namespace hail::pubsub {

Broker Broker::limited(const base::Deadline& until) const {
    Broker broker = *this;
    if (const int left = until.poll_milliseconds(); left >= 0) {
        const base::Milliseconds most(std::max(left, 1));  // because 0 means no limit
        broker.connect.timeout = std::min(broker.connect.timeout.value_or(most), most);
    }
    return broker;
}

bool is_amqp(const net::Address& address) {
    return address.scheme == net::Scheme::amqp || address.scheme == net::Scheme::amqps;
}

namespace {

#ifdef HAIL_AMQP

void reject_redis_options(const net::Address& address, bool stream) {
    if (stream) {
        throw base::Error(
            base::Exit::usage,
            "address '" + net::display(address) + "': --stream is for Redis; a stream of RabbitMQ is a queue",
            "leave out --stream");
    }
}

std::unique_ptr<Publisher> open_amqp(const Broker& broker, const PublisherOptions& options,
                                     AnswerSink& answers, const base::Stop& stop) {
    reject_redis_options(broker.address, options.stream.has_value());
    return std::make_unique<AmqpPublisher>(broker.address, broker.connect, broker.amqp, options, answers,
                                           stop);
}

std::unique_ptr<Subscriber> open_amqp(const Broker& broker, const Subscriptions& subscriptions,
                                      const SubscriberOptions& options, MessageSink& messages,
                                      const base::Stop& stop) {
    reject_redis_options(broker.address, options.stream != nullptr);
    return std::make_unique<AmqpSubscriber>(broker.address, broker.connect, broker.amqp, subscriptions,
                                            options, messages, stop);
}

std::unique_ptr<Requester> open_amqp_requester(const Broker& broker,
                                               std::optional<base::Milliseconds> timeout,
                                               const AmqpPublishing& publishing, const base::Stop& stop) {
    return std::make_unique<AmqpRequester>(broker, timeout, publishing, stop);
}

#else

[[noreturn]] void throw_without_amqp(const net::Address& address) {
    throw base::Error(base::Exit::usage,
                      "address '" + net::display(address) + "': this build does not support RabbitMQ",
                      "use redis, rediss, valkey, valkeys, redis+unix or unix, or a hail that was built with "
                      "-DHAIL_AMQP=ON");
}

std::unique_ptr<Publisher> open_amqp(const Broker& broker, const PublisherOptions&, AnswerSink&,
                                     const base::Stop&) {
    throw_without_amqp(broker.address);
}

std::unique_ptr<Subscriber> open_amqp(const Broker& broker, const Subscriptions&, const SubscriberOptions&,
                                      MessageSink&, const base::Stop&) {
    throw_without_amqp(broker.address);
}

std::unique_ptr<Requester> open_amqp_requester(const Broker& broker, std::optional<base::Milliseconds>,
                                               const AmqpPublishing&, const base::Stop&) {
    throw_without_amqp(broker.address);
}

std::string amqp_publisher_handshake(const Broker& broker) {
    throw_without_amqp(broker.address);
}

std::string amqp_requester_handshake(const Broker& broker) {
    throw_without_amqp(broker.address);
}

std::string amqp_declaration_bytes(const Message&, const PublisherOptions&) {
    return {};
}

std::string amqp_published_bytes(const Broker& broker, const Message&, std::uint64_t,
                                 const PublisherOptions&) {
    throw_without_amqp(broker.address);
}

std::string amqp_subscriber_bytes(const Broker& broker, const Subscriptions&, const SubscriberOptions&) {
    throw_without_amqp(broker.address);
}

#endif

}  // namespace

std::unique_ptr<Publisher> open_publisher(const Broker& broker, const PublisherOptions& options,
                                          AnswerSink& answers, const base::Stop& stop) {
    PublisherOptions all = options;
    all.renew = broker.renew;
    if (is_amqp(broker.address)) {
        return open_amqp(broker, all, answers, stop);
    }
    if (options.stream) {
        return std::make_unique<RedisStreamPublisher>(broker.address, broker.connect, all, answers, stop);
    }
    return std::make_unique<RedisPublisher>(broker.address, broker.connect, all, answers, stop);
}

std::unique_ptr<Subscriber> open_subscriber(const Broker& broker, const Subscriptions& subscriptions,
                                            const SubscriberOptions& options, MessageSink& messages,
                                            const base::Stop& stop) {
    if (is_amqp(broker.address)) {
        return open_amqp(broker, subscriptions, options, messages, stop);
    }
    if (options.stream) {
        return std::make_unique<RedisStreamSubscriber>(broker.address, broker.connect, subscriptions.channels,
                                                       options, messages, stop);
    }
    return std::make_unique<RedisSubscriber>(broker.address, broker.connect, subscriptions, options, messages,
                                             stop);
}

std::unique_ptr<Requester> open_requester(const Broker& broker, const AmqpPublishing& publishing,
                                          const base::Stop& stop,
                                          std::function<void(const std::string&)> warn) {
    const std::optional<base::Milliseconds> timeout = broker.connect.timeout;
    const base::Deadline whole = base::Deadline::after(timeout);
    const ConnectRetry retry(broker.retry, whole, stop, warn);
    return connect_with_retry(retry, [&]() -> std::unique_ptr<Requester> {
        const Broker limited = broker.limited(whole);
        if (is_amqp(broker.address)) {
            return open_amqp_requester(limited, timeout, publishing, stop);
        }
        return std::make_unique<ChannelRequester>(limited, timeout, stop, warn);
    });
}

std::string publisher_handshake(const Broker& broker, const PublisherOptions& options) {
    if (is_amqp(broker.address)) {
        return amqp_publisher_handshake(broker);
    }
    return redis::shown_handshake(broker.address, {}) +
           (options.stream ? "" : std::string(redis::node_question));
}

std::string requester_handshake(const Broker& broker, const std::string& inbox) {
    return is_amqp(broker.address) ? amqp_requester_handshake(broker)
                                   : subscriber_bytes(broker, {.channels = {inbox}, .patterns = {}}) +
                                         publisher_handshake(broker);
}

std::string declaration_bytes(const Broker& broker, const Message& message, const PublisherOptions& options) {
    return is_amqp(broker.address) ? amqp_declaration_bytes(message, options) : "";
}

std::string published_bytes(const Broker& broker, const Message& message, std::uint64_t tag,
                            const PublisherOptions& options) {
    if (is_amqp(broker.address)) {
        return amqp_published_bytes(broker, message, tag, options);
    }
    return options.stream ? redis_stream_publish(message, tag, *options.stream) : redis_publish(message);
}

std::string subscriber_bytes(const Broker& broker, const Subscriptions& subscriptions,
                             const SubscriberOptions& options) {
    if (is_amqp(broker.address)) {
        return amqp_subscriber_bytes(broker, subscriptions, options);
    }
    return redis::shown_handshake(broker.address,
                                  options.stream ? subscriber_session : session_for(subscriptions)) +
           (options.stream ? redis_stream_commands(subscriptions.channels, options.stream->options)
                           : redis_subscribe(subscriptions));
}

}  // namespace hail::pubsub
