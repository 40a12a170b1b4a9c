// The frames that AmqpSubscriber receives, and the messages that it makes of them.

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/amqp_subscriber.h"

namespace hail::pubsub {

namespace {

using amqp::FrameType;
using amqp::Method;

void copy_fields(std::vector<Field>& into, std::span<const amqp::TableField> fields) {
    into.clear();
    for (const amqp::TableField& field : fields) {
        into.push_back({field.name, field.value, field.is_json ? Field::Kind::json : Field::Kind::bytes});
    }
}

}  // namespace

void AmqpSubscriber::take(const amqp::Frame& frame) {
    if (frame.channel != amqp::first_channel) {
        reject("a frame on a channel that is not open");
    }
    switch (frame.type) {
        case FrameType::method:
            content_.check_idle();
            take_method(frame);
            return;
        case FrameType::header:
            begin_body(frame.payload);
            return;
        case FrameType::body:
            take_body(frame.payload);
            return;
        case FrameType::heartbeat:
            reject("a heartbeat on a channel");
    }
}

void AmqpSubscriber::take_method(const amqp::Frame& frame) {
    const Method method = amqp::method_of(frame.payload);
    switch (method) {
        case Method::basic_deliver:
            take_deliver(frame.payload);
            return;
        case Method::channel_close: {
            const amqp::Close close = amqp::read_close(frame.payload);
            channel_closed({close.code, std::string(close.text), close.method});
            return;
        }
        case Method::basic_cancel:
            cancelled(amqp::read_consumer_tag(frame.payload));
            return;
        case Method::channel_flow:
            session_->stream().out().append(amqp::flow_ok(amqp::first_channel, frame.payload));
            return;
        default:
            take_answer(method, frame.payload);
    }
}

void AmqpSubscriber::take_answer(Method method, std::string_view payload) {
    const bool consuming = method == Method::basic_consume_ok;
    const std::string_view tag = consuming ? amqp::read_consumer_tag(payload) : std::string_view();
    const auto found =
        std::find_if(expected_.begin(), expected_.end(), [&](const AmqpRequest::Answer& answer) {
            return consuming ? answer.method == method && (answer.tag.empty() || answer.tag == tag)
                             : answer.method != Method::basic_consume_ok;
        });
    if (found == expected_.end() || found->method != method) {
        reject(amqp::method_name(method) + ", which fits nothing that was sent");
    }
    const AmqpRequest::Answer answer = std::move(*found);
    expected_.erase(found);
    if (method == Method::queue_declare_ok) {
        amqp::read_queue_declared(payload);
    } else if (consuming) {
        consumers_.push_back({.tag = std::string(tag), .queue = answer.queue});
        if (!answer.queue.empty()) {
            state_.consumed.insert(answer.queue);
        }
    }
}

AmqpSubscriber::Consumer& AmqpSubscriber::consumer_of(std::string_view tag) {
    for (Consumer& consumer : consumers_) {
        if (consumer.tag == tag) {
            return consumer;
        }
    }
    reject("a message for a consumer that does not exist");
}

void AmqpSubscriber::take_deliver(std::string_view payload) {
    content_.begin();
    incoming_ = {.deliver = amqp::read_deliver(payload)};
    incoming_.consumer = &consumer_of(incoming_.deliver.consumer);
    // Without acknowledgements too: one that is left out is lost.
    if (const std::uint64_t tag = incoming_.deliver.tag; tag != ++last_tag_) {
        reject("delivery " + std::to_string(tag) + " instead of " + std::to_string(last_tag_));
    }
    if (acknowledges()) {
        acks_.add();
    }
}

void AmqpSubscriber::begin_body(std::string_view payload) {
    incoming_.properties = content_.take_header(payload);
    incoming_.size = content_.left();
    if (incoming_.size > options_.max_message) {
        incoming_.skipped = true;
        messages_.warn("a message of " + std::to_string(incoming_.size) + " bytes for '" +
                       base::one_line(incoming_.deliver.routing_key, 60) +
                       "' is skipped: --max-message allows " + std::to_string(options_.max_message) +
                       (forgets() ? "; it is lost because of --ack delivery" : "; it stays in its queue"));
        note_skipped();
    }
    if (content_.idle()) {
        hand_over({}, false);
    }
}

// They are not acknowledged, so that the broker waits for them once there are enough.
void AmqpSubscriber::note_skipped() {
    ++skipped_;
    if (acknowledges() && skipped_ == options_.amqp.prefetch) {
        messages_.warn("no more messages come: those that are skipped fill --prefetch " +
                       std::to_string(options_.amqp.prefetch));
    }
}

void AmqpSubscriber::take_body(std::string_view payload) {
    content_.take_body(payload);
    const bool whole = payload.size() == incoming_.size;
    const bool last = content_.idle();
    if (incoming_.skipped) {
        return;
    }
    if (whole) {
        hand_over(payload, false);
        return;
    }
    if (!incoming_.in_pieces && incoming_.body.empty()) {
        incoming_.in_pieces = messages_.takes_pieces();
    }
    if (incoming_.in_pieces) {
        hand_over(payload, !last);
        return;
    }
    incoming_.body += payload;
    if (last) {
        hand_over(incoming_.body, false);
        incoming_.body = {};
    }
}

// The buffer is about to be used again.
void AmqpSubscriber::keep() {
    if (content_.idle() || incoming_.is_kept) {
        return;
    }
    amqp::Deliver& deliver = incoming_.deliver;
    const std::size_t exchange = deliver.exchange.size();
    const std::size_t key = deliver.routing_key.size();
    const std::size_t properties = incoming_.properties.size();
    std::string& kept = incoming_.kept;
    std::string copy;
    copy.reserve(exchange + key + properties);
    copy.append(deliver.exchange).append(deliver.routing_key).append(incoming_.properties);
    kept = std::move(copy);
    const std::string_view all = kept;
    deliver.exchange = all.substr(0, exchange);
    deliver.routing_key = all.substr(exchange, key);
    incoming_.properties = all.substr(exchange + key);
    deliver.consumer = {};
    incoming_.is_kept = properties > 0;  // otherwise the header has not come yet
}

void AmqpSubscriber::hand_over(std::string_view payload, bool more) {
    const amqp::Deliver& deliver = incoming_.deliver;
    const Consumer& consumer = *incoming_.consumer;
    if (channel_place_.exchange != deliver.exchange || channel_place_.key != deliver.routing_key ||
        channel_text_.empty()) {
        channel_place_ = {std::string(deliver.exchange), std::string(deliver.routing_key)};
        channel_text_ = amqp::channel_text(channel_place_);
    }
    Message message{.channel = channel_text_, .payload = payload, .more = more};
    message.exchange = deliver.exchange;
    message.routing_key = deliver.routing_key;
    message.redelivered = deliver.redelivered;
    message.deliveries = deliver.redelivered ? 2 : 1;
    if (!consumer.queue.empty()) {
        message.queue = consumer.queue;
    }
    read_properties(message);
    if (!more) {
        message.delivery = note_delivery();
    }
    messages_.take(message);
    if (!more && message.offset) {
        state_.next_offsets[consumer.queue] = *message.offset + 1;
    }
}

// Without acknowledgement a message has no number.
std::uint64_t AmqpSubscriber::note_delivery() {
    const std::uint64_t number = base_ + incoming_.deliver.tag;
    state_.last_delivery = std::max(state_.last_delivery, number);
    return acknowledges() ? number : 0;
}

void AmqpSubscriber::read_properties(Message& message) {
    Consumer& consumer = *incoming_.consumer;
    const bool wanted = messages_.takes_properties() || options_.envelopes;
    if (!wanted && consumer.asked && !consumer.is_stream) {
        return;
    }
    properties_.read(incoming_.properties);
    consumer.asked = true;
    const auto offset = properties_.stream_offset();
    if (offset && !consumer.queue.empty() && !state_.other_queues.contains(consumer.queue)) {
        consumer.is_stream = true;
        message.offset = offset;
    }
    if (wanted) {
        copy_fields(fields_, properties_.properties());
        copy_fields(headers_, properties_.headers());
        message.properties = fields_;
        message.fields = headers_;
        message.reply_to = properties_.property("reply_to");
        message.correlation_id = properties_.property("correlation_id");
    }
}

}  // namespace hail::pubsub
