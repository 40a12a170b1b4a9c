// The broker's answers to what AmqpPublisher has sent.

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/pubsub/amqp_declaration.h"
#include "lib/pubsub/amqp_publisher.h"

namespace hail::pubsub {

namespace {

using amqp::FrameType;
using amqp::Method;
using base::Error;
using base::Exit;
using Verdict = amqp::ConfirmWindow::Verdict;

constexpr std::uint16_t no_route = 312;
constexpr std::size_t most_proved = 10'000;

std::string unroutable(std::string_view exchange, std::string_view key) {
    return exchange.empty() ? "no queue '" + base::one_line(key, 60) + "'"
                            : "no queue is bound to exchange '" + base::one_line(exchange, 60) +
                                  "' for the key '" + base::one_line(key, 60) + "'";
}

}  // namespace

void AmqpPublisher::reject(const std::string& why) const {
    throw Error(Exit::bad_reply, "publishing to " + where_ + ": the broker sent " + why);
}

Error AmqpPublisher::refusal(const std::string& why, const std::string& hint) const {
    return {Exit::refused, "publishing to " + where_ + ": " + why, hint};
}

// False if the connection is at its end.
bool AmqpPublisher::read_frames() {
    amqp::Frame frame;
    while (session_->next(frame)) {
        take(frame);
        if (broken_ || !session_) {
            return false;
        }
    }
    note_blocked();
    if (session_->closed()) {
        connection_closed();
        return false;
    }
    return true;
}

void AmqpPublisher::note_blocked() {
    if (blocked() != told_blocked_) {
        told_blocked_ = blocked();
        warnings_.push_back("the broker at " + where_ +
                            (told_blocked_ ? " takes no messages for now: " + *session_->blocked()
                                           : std::string(" takes messages again")));
    }
}

void AmqpPublisher::connection_closed() {
    const amqp::Closed closed = *session_->closed();
    const bool declaring =
        closed.method == Method::exchange_declare || closed.method == Method::queue_declare;
    if (alone_ && declaring && in_flight() == 1) {
        // Such as an unknown type of exchange. The message after the declaration was not read.
        const std::uint64_t tag = alone_->tag;
        pieces_.channel = nullptr;
        session_.reset();
        for (Channel& channel : channels_) {
            channel = {.number = channel.number};
        }
        alone_.reset();
        answers_.refused(tag, refusal(amqp::words_of(closed)), Refused::channel);
        return;
    }
    net::Failure why{.exit = Exit::unknown,
                     .why = "the broker closed the connection: " + amqp::words_of(closed)};
    if (closed.is_fault_of_client()) {
        why.hint = "this is a fault of hail: please report it";
    }
    const bool any_answer = channels_[0].answered || channels_[1].answered;
    rejected_ = !any_answer && in_flight() > 0;  // it did not even open the channel
    if (rejected_ && closed.code != amqp::Closed::forced) {
        throw Error(Exit::refused, "publishing to " + where_ + ": " + why.why, why.hint);
    }
    lost(why);
}

void AmqpPublisher::take(const amqp::Frame& frame) {
    if (frame.channel > channels_.size() || !channels_.at(frame.channel - 1U).open) {
        reject("a frame on a channel that is not open");
    }
    Channel& channel = channels_.at(frame.channel - 1U);
    switch (frame.type) {
        case FrameType::method:
            channel.content.check_idle();
            take_method(channel, frame);
            return;
        case FrameType::header:
            channel.content.take_header(frame.payload);
            channel.returned.size = channel.content.left();
            break;
        case FrameType::body:
            channel.content.take_body(frame.payload);
            break;
        case FrameType::heartbeat:
            reject("a heartbeat on a channel");
    }
    if (channel.content.idle()) {
        end_return(channel);
    }
}

void AmqpPublisher::take_method(Channel& channel, const amqp::Frame& frame) {
    const Method method = amqp::method_of(frame.payload);
    switch (method) {
        case Method::basic_ack:
            take_answer(channel, amqp::read_ack(frame.payload), Verdict::accepted);
            return;
        case Method::basic_nack:
            take_answer(channel, amqp::read_ack(frame.payload), Verdict::refused);
            return;
        case Method::basic_return:
            take_return(channel, frame.payload);
            return;
        case Method::channel_open_ok:
        case Method::confirm_select_ok:
            channel.answered = true;
            return;
        case Method::queue_declare_ok:
        case Method::exchange_declare_ok:
            if (channel.declares == 0) {
                break;
            }
            --channel.declares;
            return;
        case Method::channel_flow:
            session_->stream().out().append(amqp::flow_ok(channel.number, frame.payload));
            return;
        case Method::channel_close:
            take_close(channel, amqp::read_close(frame.payload));
            return;
        default:
            break;
    }
    reject(amqp::method_name(method) + ", which fits nothing that was sent");
}

void AmqpPublisher::take_answer(Channel& channel, const amqp::Ack& ack, Verdict verdict) {
    channel.window.answered(ack, verdict, [&](const amqp::ConfirmWindow::Answer& answer) {
        if (alone_ && alone_->tag == answer.number) {
            if (proved_.size() < most_proved) {
                proved_.insert(alone_->place);
            }
            alone_.reset();
        }
        if (answer.returned != nullptr) {
            answers_.refused(answer.number,
                             refusal(*answer.returned,
                                     "make the queue or the binding first, or allow it with "
                                     "--allow-unroutable"),
                             Refused::message);
        } else if (answer.refused) {
            answers_.refused(answer.number,
                             refusal("the broker did not keep the message: its queue is full, or it failed"),
                             Refused::message);
        } else {
            answers_.accepted(answer.number, {});
        }
    });
}

void AmqpPublisher::take_return(Channel& channel, std::string_view payload) {
    const amqp::Return returned = amqp::read_return(payload);
    channel.content.begin();
    channel.returned = {
        .place = place_hash(returned.exchange, returned.routing_key),
        .size = 0,
        .words = returned.code == no_route
                     ? unroutable(returned.exchange, returned.routing_key)
                     : "returned: " + std::to_string(returned.code) + " " + base::one_line(returned.text)};
}

void AmqpPublisher::end_return(Channel& channel) {
    channel.window.returned(channel.returned.place, channel.returned.size, std::move(channel.returned.words));
}

// The one message that was alone on the channel is at fault. Otherwise nobody knows which one is, and which
// of those before it were taken.
void AmqpPublisher::take_close(Channel& channel, const amqp::Close& close) {
    const amqp::Closed closed{close.code, std::string(close.text), close.method};
    session_->stream().out().append(amqp::plain_method(channel.number, Method::channel_close_ok));
    session_->stream().flush();
    if (alone_ && alone_->channel == channel.number) {
        const bool about_place = closed.code == 403 || closed.code == 404 ||
                                 (closed.code == 406 && closed.method != Method::basic_publish);
        const std::uint64_t tag = alone_->tag;
        const Error error = refusal(amqp::words_of(closed));
        alone_.reset();
        channel = {.number = channel.number};
        if (pieces_.left > 0 && pieces_.tag == tag) {
            pieces_.channel = nullptr;
        }
        answers_.refused(tag, error, about_place ? Refused::channel : Refused::message);
        return;
    }
    if (channel.window.in_flight() == 0) {
        channel = {.number = channel.number};
        return;
    }
    lost({.exit = Exit::unknown, .why = "the broker closed the channel: " + amqp::words_of(closed)});
}

void AmqpPublisher::declare(Channel& channel) {
    if (!publishing_.declare) {
        return;
    }
    const amqp::Place& place = encoder_.place();
    const AmqpDeclaration& wanted = *publishing_.declare;
    const DeclarationArguments arguments(wanted);
    session_->stream().out().append(
        place.is_queue()
            ? amqp::declare_queue(channel.number,
                                  {.queue = place.key, .durable = true, .arguments = arguments.of_queue()})
            : amqp::declare_exchange(channel.number, {.exchange = place.exchange,
                                                      .type = wanted.exchange_type,
                                                      .arguments = arguments.of_exchange()}));
    ++channel.declares;
}

}  // namespace hail::pubsub
