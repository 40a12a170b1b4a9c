#include "lib/pubsub/amqp_requester.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/pubsub/amqp_publisher.h"

namespace hail::pubsub {

namespace {

using amqp::FrameType;
using amqp::Method;
using base::Deadline;
using base::Error;
using base::Exit;
using Verdict = amqp::ConfirmWindow::Verdict;

constexpr std::size_t most_answer = 512UL << 20U;

}  // namespace

std::string amqp_requester_opening() {
    return amqp::open_publishing(amqp::first_channel) +
           amqp::consume(amqp::first_channel, {.queue = amqp_answers, .tag = "", .no_ack = true});
}

AmqpRequester::AmqpRequester(const Broker& broker, std::optional<base::Milliseconds> timeout,
                             const AmqpPublishing& publishing, const base::Stop& stop)
    : publishing_(publishing),
      timeout_(timeout),
      stop_(stop),
      run_(base::random_hex(8)),
      encoder_(publishing_),
      session_(broker.address, broker.connect, session_options(broker.amqp), stop) {
    session_.stream().out().append(amqp_requester_opening());
    pump([this] { return ready_; },
         sooner(Deadline::after(broker.connect.timeout), Deadline::after(broker.connect.connect_timeout)),
         "asking " + net::display(broker.address));
}

AmqpRequester::~AmqpRequester() {
    if (!late_) {
        session_.leave(stop_);
    }
}

std::string AmqpRequester::ask(const Message& request) {
    const Deadline deadline = Deadline::after(timeout_);
    expected_ = run_ + "-" + std::to_string(++asked_);
    answer_.reset();
    Message message = request;
    message.reply_to = amqp_answers;
    message.correlation_id = expected_;
    encoder_.prepare(message, asked_);
    const std::string name = base::one_line(request.channel, 60);
    window_.add(
        {.number = asked_, .begin = 0, .fingerprint = encoder_.place_hash(), .size = request.payload.size()});
    encoder_.append(session_.stream().out(), amqp::first_channel, request.payload.size(), request.payload,
                    session_.frame_max());
    pump([this] { return answer_.has_value(); }, deadline, "asking '" + name + "'");
    return payload_of(*answer_, name);
}

template <typename Done>
void AmqpRequester::pump(const Done& done, const Deadline& deadline, const std::string& doing) {
    while (!done()) {
        session_.stream().flush();
        const net::State got = session_.receive();
        for (amqp::Frame frame; session_.next(frame);) {
            take(frame, doing);
        }
        const Exit lost = asked_ == 0 ? Exit::unreachable : Exit::unknown;
        if (const auto& closed = session_.closed()) {
            throw Error(asked_ == 0 && closed->code != amqp::Closed::forced ? Exit::refused : lost,
                        doing + ": the broker closed the connection: " + amqp::words_of(*closed));
        }
        if (session_.silent()) {
            throw Error(lost, doing + ": the broker is silent");
        }
        if (got == net::State::ended || got == net::State::failed) {
            throw Error(lost, doing + ": " + session_.stream().trouble().why,
                        session_.stream().trouble().hint);
        }
        if (done()) {
            continue;
        }
        // The limits also hold for a broker that sends without a pause.
        const bool stopped =
            got == net::State::blocked ? session_.wait(deadline, &stop_, {}).stopped : stop_.raised() != 0;
        if (stopped) {
            throw Error(stop_.exit(), doing + ": stopped by a signal");
        }
        if (deadline.passed()) {
            late_ = true;
            throw Error(Exit::timed_out, doing + ": no answer in time", "allow more time with --timeout");
        }
    }
}

void AmqpRequester::take(const amqp::Frame& frame, const std::string& doing) {
    if (frame.channel != amqp::first_channel) {
        throw Error(Exit::bad_reply, doing + ": the broker sent a frame on a channel that is not open");
    }
    switch (frame.type) {
        case FrameType::method:
            content_.check_idle();
            take_method(frame, doing);
            return;
        case FrameType::header:
            take_header(content_.take_header(frame.payload));
            break;
        case FrameType::body:
            content_.take_body(frame.payload);
            if (incoming_.wanted) {
                incoming_.body += frame.payload;
            }
            break;
        case FrameType::heartbeat:
            throw Error(Exit::bad_reply, doing + ": the broker sent a heartbeat on a channel");
    }
    if (content_.idle()) {
        end_content();
    }
}

void AmqpRequester::take_method(const amqp::Frame& frame, const std::string& doing) {
    const Method method = amqp::method_of(frame.payload);
    switch (method) {
        case Method::channel_open_ok:
        case Method::confirm_select_ok:
            return;
        case Method::basic_consume_ok:
            ready_ = true;
            return;
        case Method::basic_ack:
            take_answer(amqp::read_ack(frame.payload), Verdict::accepted, doing);
            return;
        case Method::basic_nack:
            take_answer(amqp::read_ack(frame.payload), Verdict::refused, doing);
            return;
        case Method::basic_deliver:
            content_.begin();
            incoming_ = {};
            return;
        case Method::basic_return: {
            const amqp::Return returned = amqp::read_return(frame.payload);
            content_.begin();
            incoming_ = {.returned = true,
                         .words = "nobody takes requests there: " + base::one_line(returned.text),
                         .place_hash = place_hash(returned.exchange, returned.routing_key)};
            return;
        }
        case Method::channel_close: {
            const amqp::Close close = amqp::read_close(frame.payload);
            throw Error(Exit::refused,
                        doing + ": " + amqp::words_of({close.code, std::string(close.text), close.method}));
        }
        default:
            throw Error(Exit::bad_reply, doing + ": the broker sent " + amqp::method_name(method) +
                                             ", which fits nothing that was sent");
    }
}

void AmqpRequester::take_answer(const amqp::Ack& ack, Verdict verdict, const std::string& doing) {
    window_.answered(ack, verdict, [&](const amqp::ConfirmWindow::Answer& answer) {
        if (answer.number == asked_ && answer.returned != nullptr) {
            throw Error(Exit::refused, doing + ": " + *answer.returned,
                        "start a service with hail subscribe ADDRESS QUEUE --reply --exec PROGRAM");
        }
        if (answer.number == asked_ && answer.refused) {
            throw Error(Exit::refused, doing + ": the broker did not keep the request");
        }
    });
}

void AmqpRequester::take_header(std::string_view bytes) {
    incoming_.size = content_.left();
    if (incoming_.returned) {
        return;
    }
    properties_.read(bytes);
    incoming_.wanted = properties_.property("correlation_id") == expected_ && !answer_;
    if (incoming_.wanted && incoming_.size > most_answer) {
        throw Error(Exit::bad_reply, "the broker sent an answer of " + std::to_string(incoming_.size) +
                                         " bytes, and hail takes at most 512 MiB");
    }
    const auto headers = properties_.headers();
    incoming_.failed = std::any_of(headers.begin(), headers.end(), [](const amqp::TableField& field) {
        return field.name == failure_header && field.value == "error";
    });
}

// A late answer to an earlier request is dropped.
void AmqpRequester::end_content() {
    Incoming content = std::exchange(incoming_, {});
    if (content.returned) {
        window_.returned(content.place_hash, content.size, std::move(content.words));
    } else if (content.wanted) {
        answer_ = {content.failed, std::move(content.body)};
    }
}

}  // namespace hail::pubsub
