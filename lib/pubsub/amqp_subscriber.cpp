#include "lib/pubsub/amqp_subscriber.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/amqp_declaration.h"
#include "lib/pubsub/amqp_publisher.h"
#include "lib/pubsub/redis_subscriber.h"

namespace hail::pubsub {

namespace {

using amqp::Method;
using base::Deadline;
using base::Error;
using base::Exit;
using base::Milliseconds;
using net::State;

constexpr Milliseconds first_pause(1'000);
constexpr Milliseconds longest_pause(30'000);

// A queue that exists, on a broker that has just started or has lost a node: the words of RabbitMQ.
bool is_not_up(std::string_view text) {
    return text.ends_with("is down or inaccessible") || text.ends_with("is stopped by supervisor") ||
           text.ends_with("due to timeout");
}

}  // namespace

AmqpSubscriber::AmqpSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                               const AmqpConnection& connection, const Subscriptions& subscriptions,
                               const SubscriberOptions& options, MessageSink& messages,
                               const base::Stop& stop)
    : where_(net::display(address)),
      options_(options),
      reading_(amqp_reading(subscriptions, options.amqp)),
      state_(*options_.amqp_state),
      messages_(messages) {
    const std::set<std::string, std::less<>> queues(reading_.queues.begin(), reading_.queues.end());
    amqp_request(reading_, options_.amqp, state_, {.queues = queues});  // refuses wrong arguments
    session_ = std::make_unique<amqp::Session>(address, connect, session_options(connection), stop);
    if (const std::uint64_t again = std::exchange(state_.unsettled, 0); again > 0) {
        messages_.warn(std::to_string(again) + (again == 1 ? " message was" : " messages were") +
                       " not acknowledged before the connection was lost, and may come again");
    }
    ask();
}

AmqpSubscriber::~AmqpSubscriber() {
    // A stream goes on after the last message instead.
    const bool streams = std::all_of(consumers_.begin(), consumers_.end(),
                                     [](const Consumer& consumer) { return consumer.is_stream; });
    state_.unsettled = over_ && !stopping_ && acknowledges() && !streams ? acks_.open() : 0;
    try {
        if (!over_) {
            session_->close();
        }
    } catch (const std::exception&) {
        return;
    }
}

// Opens the channel and asks for everything; after a queue was missing, for the second time.
void AmqpSubscriber::ask() {
    AmqpRequest request = amqp_request(reading_, options_.amqp, state_, missing_);
    expected_ = std::move(request.answers);
    consumers_.clear();
    acks_ = {};
    requeues_.clear();
    skipped_ = 0;
    last_tag_ = 0;
    content_ = {};
    base_ = state_.last_delivery;
    session_->stream().out().append(request.frames);
    session_->stream().flush();
}

bool AmqpSubscriber::receive() {
    send_due();
    close_if_stopped();
    net::ByteStream& stream = session_->stream();
    stream.flush();
    const State got = session_->receive();
    amqp::Frame frame;
    while (session_->next(frame)) {
        stopping_ ? take_late(frame) : take(frame);
    }
    close_if_stopped();
    keep();
    if (session_->closed()) {
        connection_closed();
    }
    if (got == State::ended || got == State::failed) {
        lost(stream.trouble());
    }
    // Only now: while the output was slow, nothing was read.
    if (got == State::blocked && session_->silent()) {
        over_ = true;
        throw_silent(where_, 2 * session_->heartbeat());
    }
    return got == State::open && !stream.drained() && !session_->close_confirmed();
}

void AmqpSubscriber::close_if_stopped() {
    if (stopping_ && cancels_ == 0) {
        session_->close();
    }
}

void AmqpSubscriber::take_late(const amqp::Frame& frame) {
    const auto method = frame.type == amqp::FrameType::method ? amqp::method_of(frame.payload) : Method{};
    if (method == Method::basic_deliver) {
        ++unread_;
    } else if (method == Method::basic_consume_ok && cancels_ > 0) {
        session_->stream().out().append(
            amqp::cancel(amqp::first_channel, amqp::read_consumer_tag(frame.payload)));
    } else if (method == Method::basic_cancel_ok && cancels_ > 0) {
        --cancels_;
    } else if (method == Method::channel_close) {
        session_->close();  // no more answers come
    }
}

net::Ready AmqpSubscriber::wait(const Deadline& deadline, const base::Stop* stop, std::span<pollfd> others) {
    send_due();
    return session_->wait(sooner(deadline, next_requeue()), stop, others);
}

Deadline AmqpSubscriber::stay_alive() {
    send_due();
    return sooner(session_->tend(), next_requeue());
}

// The pauses begin short again after a success, so that a later failure may be due first.
Deadline AmqpSubscriber::next_requeue() const {
    Deadline next;
    if (over_ || session_->close_sent()) {
        return next;
    }
    for (const Requeue& requeue : requeues_) {
        next = sooner(next, requeue.at);
    }
    return next;
}

bool AmqpSubscriber::settled() const {
    return over_ || session_->close_confirmed() || session_->closed();
}

// Without acknowledgements, the messages that the broker had sent and nobody has read are gone. In a stream,
// the next message and the last ones are others by the time of the next connection.
bool AmqpSubscriber::resumes() const {
    const bool moving = options_.amqp.offset == "next" || options_.amqp.offset == "last";
    const auto known = [&](const std::string& queue) { return state_.next_offsets.contains(queue); };
    const bool all_known = std::all_of(reading_.queues.begin(), reading_.queues.end(), known) &&
                           (options_.amqp.queue.empty() || known(options_.amqp.queue));
    return !is_temporary() && !forgets() && (!moving || all_known);
}

// A message that is under way comes too late as well. Those that the broker forgets are counted until it has
// ended the consumers.
void AmqpSubscriber::stop_reading() {
    if (std::exchange(stopping_, true)) {
        return;
    }
    unread_ += content_.idle() ? 0U : 1U;
    if (unread()) {
        for (const Consumer& consumer : consumers_) {
            session_->stream().out().append(amqp::cancel(amqp::first_channel, consumer.tag));
            ++cancels_;
        }
        // Those that the broker has not confirmed yet are ended once it has.
        const auto open = std::count_if(expected_.begin(), expected_.end(), [](const auto& answer) {
            return answer.method == Method::basic_consume_ok;
        });
        cancels_ += static_cast<std::size_t>(open);
        session_->stream().flush();
    }
}

std::optional<Subscriber::Unread> AmqpSubscriber::unread() const {
    return forgets() && !is_temporary() ? std::optional(Unread{unread_, cancels_ == 0}) : std::nullopt;
}

void AmqpSubscriber::settle(std::uint64_t delivery, Settlement settlement) {
    if (settlement == Settlement::failed && options_.amqp.on_failure == AmqpConsuming::OnFailure::stop &&
        !stopping_) {
        throw Error(Exit::unexpected,
                    "receiving from " + where_ + ": a message was not handled, and stays in its queue",
                    "with --on-failure requeue or reject, the next message follows");
    }
    if (delivery <= base_ || session_->close_sent()) {
        return;  // of an earlier connection: the broker has given it to somebody else
    }
    const std::uint64_t tag = delivery - base_;
    if (settlement == Settlement::failed) {
        failed(tag);
    } else if (acks_.done(tag)) {
        pause_ = first_pause;
    }
}

void AmqpSubscriber::failed(std::uint64_t tag) {
    switch (options_.amqp.on_failure) {
        case AmqpConsuming::OnFailure::reject:
            if (acks_.forget(tag)) {
                out_ += amqp::nack(amqp::first_channel, tag, amqp::Fate::drop);
            }
            return;
        case AmqpConsuming::OnFailure::requeue:
            requeues_.push_back({tag, Deadline::after(pause_)});
            pause_ = std::min(pause_ * 2, longest_pause);
            return;
        case AmqpConsuming::OnFailure::stop:
            return;  // it goes back when the connection ends
    }
}

void AmqpSubscriber::send_due() {
    if (over_ || session_->close_sent()) {
        return;
    }
    std::erase_if(requeues_, [this](const Requeue& requeue) {
        const bool due = requeue.at.passed();
        if (due && acks_.forget(requeue.tag)) {
            out_ += amqp::nack(amqp::first_channel, requeue.tag, amqp::Fate::requeue);
        }
        return due;
    });
    acks_.append_due(out_, amqp::first_channel);
    if (!out_.empty()) {
        session_->stream().out().append(out_);
        out_.clear();
        session_->stream().flush();
    }
}

void AmqpSubscriber::lost(const net::Failure& trouble) {
    over_ = true;
    const std::string what = "receiving from " + where_ + ": ";
    if (trouble.exit == Exit::unreachable) {
        throw Error(trouble.exit, what + trouble.why, trouble.hint);
    }
    if (!ready()) {
        throw ConnectionLost(Exit::unknown, "subscribing to " + where_ + ": " + trouble.why, trouble.hint);
    }
    throw ConnectionLost(Exit::unknown, what + trouble.why, trouble.hint);
}

void AmqpSubscriber::connection_closed() {
    over_ = true;
    const amqp::Closed& closed = *session_->closed();
    const std::string what =
        "receiving from " + where_ + ": the broker closed the connection: " + amqp::words_of(closed);
    if (closed.code == amqp::Closed::forced) {
        throw ConnectionLost(Exit::unknown, what);
    }
    const bool is_stream = closed.code == 540 && closed.text.find("basic.nack") != std::string::npos;
    throw Error(Exit::refused, what,
                is_stream                     ? "a stream takes no message back: leave out --on-failure"
                : closed.is_fault_of_client() ? "this is a fault of hail: please report it"
                                              : "");
}

void AmqpSubscriber::channel_closed(const amqp::Closed& closed) {
    // The number of an answer is one above that of its question.
    const auto found =
        std::find_if(expected_.begin(), expected_.end(), [&](const AmqpRequest::Answer& answer) {
            return static_cast<std::uint32_t>(answer.method) == static_cast<std::uint32_t>(closed.method) + 1;
        });
    const bool was_asking = found != expected_.end();
    const AmqpRequest::Answer asked = was_asking ? *found : AmqpRequest::Answer{};
    session_->stream().out().append(amqp::plain_method(amqp::first_channel, Method::channel_close_ok));
    session_->stream().flush();
    if (closed.code == 404 && was_asking) {
        const bool binding = asked.method == Method::queue_bind_ok;
        auto& missing = binding ? missing_.exchanges : missing_.queues;
        const std::string& name = binding ? asked.exchange : asked.queue;
        if (options_.amqp.declare && missing.insert(name).second) {
            ask_again("receiving from " + where_ + ": " + amqp::words_of(closed));
            return;
        }
        over_ = true;
        throw_missing(asked.queue, closed);
    }
    over_ = true;
    if (is_about_offset(closed)) {
        throw ConnectionLost(Exit::unknown, "subscribing to " + where_ + ": " + amqp::words_of(closed));
    }
    const std::string what = (was_asking ? "subscribing to " : "receiving from ") + where_ + ": ";
    if (!was_asking && closed.text.find("timed out") != std::string::npos) {
        throw ConnectionLost(Exit::unknown, what + amqp::words_of(closed),
                             "the broker waits only so long for an acknowledgement: its consumer_timeout; "
                             "--prefetch 1 helps");
    }
    const bool temporary = closed.code == 403 && closed.text.find("amq.gen") != std::string::npos;
    throw Error(Exit::refused, what + amqp::words_of(closed),
                temporary
                    ? "a temporary queue needs the rights to configure and write ^amq\\.gen and to read "
                      "the exchange"
                    : "");
}

// Messages of other queues may be on their way on the closed channel: only a new connection has none.
void AmqpSubscriber::ask_again(const std::string& why) {
    if (!consumers_.empty()) {
        over_ = true;
        throw ConnectionLost(Exit::unknown, why);
    }
    ask();
}

// The broker refuses the offset: it was a header of messages that had come out of a stream.
bool AmqpSubscriber::is_about_offset(const amqp::Closed& closed) {
    if (closed.code != 406 || closed.text.find("x-stream-offset") == std::string::npos) {
        return false;
    }
    const std::size_t forgotten = std::erase_if(state_.next_offsets, [&](const auto& known) {
        const bool named = closed.text.find("queue '" + known.first + "'") != std::string::npos;
        if (named) {
            state_.other_queues.insert(known.first);
        }
        return named;
    });
    return forgotten > 0;
}

void AmqpSubscriber::throw_missing(const std::string& queue, const amqp::Closed& closed) const {
    const std::string name = base::one_line(queue, 60);
    const std::string what = "subscribing to " + where_ + ": ";
    if (is_not_up(closed.text)) {
        throw ConnectionLost(Exit::refused, what + amqp::words_of(closed));
    }
    if (queue.empty() || closed.text.find("no queue") == std::string::npos) {
        throw Error(Exit::refused, what + amqp::words_of(closed), missing_exchange_hint(closed.text));
    }
    if (state_.consumed.contains(queue)) {
        throw Error(Exit::refused, "receiving from " + where_ + ": queue '" + name + "' was deleted");
    }
    throw Error(Exit::refused, what + "no queue '" + name + "'",
                "EXCHANGE/KEY listens to an exchange; --declare makes the queue");
}

void AmqpSubscriber::cancelled(std::string_view tag) {
    const auto found = std::find_if(consumers_.begin(), consumers_.end(),
                                    [&](const Consumer& consumer) { return consumer.tag == tag; });
    if (found == consumers_.end()) {
        reject("the end of a consumer that does not exist");
    }
    const std::string queue = found->queue;
    if (queue.empty()) {
        over_ = true;
        throw ConnectionLost(Exit::unknown,
                             "receiving from " + where_ + ": the broker deleted the temporary queue");
    }
    AmqpConsuming options = options_.amqp;
    if (reading_.consumers() > 1) {
        options.consumer_tag = found->tag;  // by which it is told from the others
    }
    consumers_.erase(found);
    AmqpRequest request = amqp_request({.queues = {queue}}, options, state_, {});
    // Without the opening of the channel and its limit, which it has.
    request.answers.erase(request.answers.begin(), request.answers.begin() + 2);
    const std::size_t opening = amqp::plain_method(amqp::first_channel, Method::channel_open).size() +
                                amqp::qos(amqp::first_channel, options_.amqp.prefetch).size();
    session_->stream().out().append(std::string_view(request.frames).substr(opening));
    expected_.insert(expected_.end(), request.answers.begin(), request.answers.end());
}

void AmqpSubscriber::reject(const std::string& why) const {
    throw Error(Exit::bad_reply, "receiving from " + where_ + ": the broker sent " + why);
}

}  // namespace hail::pubsub
