// The broker's answers to what AmqpPublisher has sent.

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
        const std::uint64_t tag = alone_->message.number;
        pieces_.dropped = true;
        session_.reset();
        channel_ = {};
        alone_.reset();
        answers_.refused(tag, refusal(amqp::words_of(closed)), Refused::channel);
        return;
    }
    net::Failure why{.exit = Exit::unknown,
                     .why = "the broker closed the connection: " + amqp::words_of(closed)};
    if (closed.is_fault_of_client()) {
        why.hint = "this is a fault of hail: please report it";
    }
    rejected_ = !channel_.answered && in_flight() > 0;  // it did not even open the channel
    if (rejected_ && closed.code != amqp::Closed::forced) {
        throw Error(Exit::refused, "publishing to " + where_ + ": " + why.why, why.hint);
    }
    lost(why);
}

void AmqpPublisher::take(const amqp::Frame& frame) {
    if (frame.channel != amqp::first_channel || !channel_.open) {
        reject("a frame on a channel that is not open");
    }
    switch (frame.type) {
        case FrameType::method:
            channel_.content.check_idle();
            take_method(frame);
            return;
        case FrameType::header:
            channel_.content.take_header(frame.payload);
            channel_.returned.size = channel_.content.left();
            break;
        case FrameType::body:
            channel_.content.take_body(frame.payload);
            channel_.returned.beginning +=
                frame.payload.substr(0, fingerprint_bytes - channel_.returned.beginning.size());
            break;
        case FrameType::heartbeat:
            reject("a heartbeat on a channel");
    }
    if (channel_.content.idle()) {
        end_return();
    }
}

void AmqpPublisher::take_method(const amqp::Frame& frame) {
    const Method method = amqp::method_of(frame.payload);
    switch (method) {
        case Method::basic_ack:
            take_answer(amqp::read_ack(frame.payload), Verdict::accepted);
            return;
        case Method::basic_nack:
            take_answer(amqp::read_ack(frame.payload), Verdict::refused);
            return;
        case Method::basic_return:
            take_return(frame.payload);
            return;
        case Method::channel_open_ok:
        case Method::confirm_select_ok:
            channel_.answered = true;
            return;
        case Method::queue_declare_ok:
        case Method::exchange_declare_ok:
            if (channel_.declares == 0) {
                break;
            }
            --channel_.declares;
            if (alone_ && alone_->declaring == Declaring::looking) {
                alone_->declaring = Declaring::no;
            }
            return;
        case Method::channel_flow:
            session_->stream().out().append(amqp::flow_ok(amqp::first_channel, frame.payload));
            return;
        case Method::channel_close:
            take_close(amqp::read_close(frame.payload));
            return;
        default:
            break;
    }
    reject(amqp::method_name(method) + ", which fits nothing that was sent");
}

void AmqpPublisher::take_answer(const amqp::Ack& ack, Verdict verdict) {
    if (channel_.window.is_early(ack, session_->stream().out().consumed())) {
        reject("an answer to a message before all of it was sent");
    }
    channel_.window.answered(ack, verdict, [&](const amqp::ConfirmWindow::Answer& answer) {
        if (alone_ && alone_->message.number == answer.number) {
            if (proved_.size() < most_proved) {
                proved_.insert(alone_->place);
            }
            alone_.reset();
        }
        if (answer.returned != nullptr) {
            answers_.refused(answer.number,
                             refusal(*answer.returned,
                                     "make the queue or the binding first; --declare makes a queue, and "
                                     "--allow-unroutable allows it"),
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

void AmqpPublisher::take_return(std::string_view payload) {
    const amqp::Return returned = amqp::read_return(payload);
    channel_.content.begin();
    channel_.returned = {
        .place_hash = place_hash(returned.exchange, returned.routing_key),
        .size = 0,
        .words = returned.code == no_route
                     ? unroutable(returned.exchange, returned.routing_key)
                     : "returned: " + std::to_string(returned.code) + " " + base::one_line(returned.text)};
}

void AmqpPublisher::end_return() {
    Channel::Returned returned = std::exchange(channel_.returned, {});
    channel_.window.returned(fingerprint(returned.place_hash, returned.beginning), returned.size,
                             std::move(returned.words));
}

// The one message that was alone on the channel is at fault. Otherwise nobody knows which one is, and which
// of those before it were taken.
void AmqpPublisher::take_close(const amqp::Close& close) {
    const amqp::Closed closed{close.code, std::string(close.text), close.method};
    session_->stream().out().append(amqp::plain_method(amqp::first_channel, Method::channel_close_ok));
    session_->stream().flush();
    if (alone_ && !alone_->held) {
        const bool about_place = closed.code == 403 || closed.code == 404 ||
                                 (closed.code == 406 && closed.method != Method::basic_publish);
        const std::uint64_t tag = alone_->message.number;
        const Error error = refusal(amqp::words_of(closed), missing_exchange_hint(closed.text));
        alone_.reset();
        channel_ = {};
        pieces_.dropped = pieces_.tag == tag;
        answers_.refused(tag, error, about_place ? Refused::channel : Refused::message);
        return;
    }
    if (channel_.window.in_flight() == 0) {
        channel_ = {};
        if (alone_ && alone_->declaring == Declaring::looking) {
            alone_->declaring = closed.code == 404 ? Declaring::yes : Declaring::no;
        }
        return;
    }
    lost({.exit = Exit::unknown, .why = "the broker closed the channel: " + amqp::words_of(closed)});
}

AmqpPublisher::Declaring AmqpPublisher::how_to_declare() const {
    if (!publishing_.declare || proved_.contains(proof())) {
        return Declaring::no;
    }
    return wants_form(encoder_.place(), *publishing_.declare) ? Declaring::yes : Declaring::look;
}

void AmqpPublisher::declare() {
    session_->stream().out().append(declaration(encoder_.place(), *publishing_.declare));
    ++channel_.declares;
}

void AmqpPublisher::look_for() {
    open_channel();
    session_->stream().out().append(question_for(encoder_.place()));
    ++channel_.declares;
    alone_->declaring = Declaring::looking;
}

}  // namespace hail::pubsub
