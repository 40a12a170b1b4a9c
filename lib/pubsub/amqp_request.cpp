// The methods with which AmqpSubscriber asks for its subscriptions.

#include "lib/amqp/codec.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/amqp_declaration.h"
#include "lib/pubsub/amqp_subscriber.h"

namespace hail::pubsub {

namespace {

using amqp::Method;
using base::Error;
using base::Exit;

class RequestWriter {
  public:
    RequestWriter(const AmqpReading& reading, const AmqpConsuming& options, const AmqpState& state,
                  const AmqpMissing& missing)
        : reading_(reading), options_(options), state_(state), missing_(missing) {}

    AmqpRequest write() {
        add(amqp::plain_method(amqp::first_channel, Method::channel_open), {Method::channel_open_ok});
        add(amqp::qos(amqp::first_channel, options_.prefetch), {Method::basic_qos_ok});
        for (const std::string& queue : reading_.queues) {
            look_for(queue);
        }
        if (!reading_.bindings.empty()) {
            declare_own();
            for (const amqp::Place& place : reading_.bindings) {
                bind(place);
            }
        }
        // After all that may fail: no message is taken on a channel that the broker closes.
        for (const std::string& queue : reading_.queues) {
            consume(queue);
        }
        if (!reading_.bindings.empty()) {
            consume(options_.queue);
        }
        return std::move(request_);
    }

  private:
    void add(const std::string& frames, AmqpRequest::Answer answer) {
        request_.frames += frames;
        request_.answers.push_back(std::move(answer));
    }

    void look_for(const std::string& queue) {
        if (options_.declare && missing_.queues.contains(queue)) {
            const DeclarationArguments arguments(*options_.declare);
            add(amqp::declare_queue(amqp::first_channel,
                                    {.queue = queue, .durable = true, .arguments = arguments.of_queue()}),
                {Method::queue_declare_ok, queue});
        } else {
            add(amqp::declare_queue(amqp::first_channel, {.queue = queue, .passive = true}),
                {Method::queue_declare_ok, queue});
        }
    }

    // The broker names the temporary queue; methods that name none mean the one that was declared last.
    void declare_own() {
        if (options_.queue.empty()) {
            add(amqp::declare_queue(amqp::first_channel,
                                    {.queue = "", .exclusive = true, .auto_delete = true}),
                {Method::queue_declare_ok});
            return;
        }
        const DeclarationArguments arguments(options_.bound);
        add(amqp::declare_queue(
                amqp::first_channel,
                {.queue = options_.queue, .durable = true, .arguments = arguments.of_queue()}),
            {Method::queue_declare_ok, options_.queue});
    }

    void bind(const amqp::Place& place) {
        if (options_.declare && missing_.exchanges.contains(place.exchange)) {
            add(amqp::declare_exchange(amqp::first_channel, {.exchange = place.exchange,
                                                             .type = exchange_type_of(*options_.declare)}),
                {Method::exchange_declare_ok, "", place.exchange});
        }
        std::vector<amqp::TableField> arguments = views_of(options_.bind_headers);
        if (!arguments.empty()) {
            arguments.push_back(
                {"x-match", options_.match == AmqpConsuming::Match::all ? "all" : "any", false});
        }
        add(amqp::bind(amqp::first_channel, {.queue = options_.queue,
                                             .exchange = place.exchange,
                                             .key = place.key,
                                             .arguments = arguments}),
            {Method::queue_bind_ok, options_.queue, place.exchange});
    }

    void consume(const std::string& queue) {
        const std::string place = offset_of(queue);
        std::vector<amqp::TableField> arguments;
        if (!place.empty()) {
            arguments.push_back({"x-stream-offset", place, true});
        }
        const std::string tag = next_tag();
        add(amqp::consume(amqp::first_channel, {.queue = queue,
                                                .tag = tag,
                                                .no_ack = options_.ack == AmqpConsuming::Ack::delivery,
                                                .exclusive = options_.exclusive,
                                                .arguments = arguments}),
            {Method::basic_consume_ok, queue, "", tag});
    }

    // Several consumers cannot share a tag, and are told apart by it.
    std::string next_tag() {
        ++consumers_;
        if (reading_.consumers() == 1) {
            return options_.consumer_tag;
        }
        return (options_.consumer_tag.empty() ? "hail" : options_.consumer_tag) + "-" +
               std::to_string(consumers_);
    }

    // As JSON; empty: the broker's usual one.
    std::string offset_of(const std::string& queue) const {
        if (const auto known = state_.next_offsets.find(queue); known != state_.next_offsets.end()) {
            return std::to_string(known->second);
        }
        if (options_.offset.empty()) {
            return {};
        }
        const AmqpOffset offset = parse_offset(options_.offset);
        switch (offset.kind) {
            case AmqpOffset::Kind::number:
                return std::to_string(offset.number);
            case AmqpOffset::Kind::time:
                return R"({"timestamp":)" + std::to_string(offset.number) + "}";
            case AmqpOffset::Kind::word:
                break;
        }
        return '"' + offset.word + '"';
    }

    const AmqpReading& reading_;
    const AmqpConsuming& options_;
    const AmqpState& state_;
    const AmqpMissing& missing_;
    std::size_t consumers_ = 0;
    AmqpRequest request_;
};

void check_name(const std::string& name, const std::string& what) {
    const std::string shown = what + " '" + base::one_line(name, 60) + "'";
    if (name.size() > amqp::longest_name) {
        throw Error(Exit::usage, shown + ": it is longer than 255 bytes");
    }
    // The broker would end the connection.
    if (!base::is_utf8(name)) {
        throw Error(Exit::usage, shown + ": it is not UTF-8");
    }
}

}  // namespace

AmqpReading amqp_reading(const Subscriptions& subscriptions, const AmqpConsuming& options) {
    AmqpReading reading;
    for (const auto* const names : {&subscriptions.channels, &subscriptions.patterns}) {
        for (const std::string& name : *names) {
            amqp::Place place = amqp::parse_channel(name);
            check_name(place.exchange, "exchange");
            check_name(place.key, place.is_queue() ? "queue" : "key");
            if (place.is_queue()) {
                reading.queues.push_back(std::move(place.key));
            } else {
                reading.bindings.push_back(std::move(place));
            }
        }
    }
    check_name(options.queue, "option --queue-name:");
    check_name(options.consumer_tag, "option --consumer-tag:");
    if (!options.offset.empty()) {
        parse_offset(options.offset);
    }
    return reading;
}

AmqpRequest amqp_request(const AmqpReading& reading, const AmqpConsuming& options, const AmqpState& state,
                         const AmqpMissing& missing) {
    return RequestWriter(reading, options, state, missing).write();
}

}  // namespace hail::pubsub
