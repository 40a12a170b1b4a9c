#include "lib/pubsub/amqp_publisher.h"

#include <algorithm>
#include <limits>

#include "lib/base/text.h"
#include "lib/net/byte_stream.h"
#include "lib/pubsub/amqp_declaration.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;
using net::State;

constexpr std::size_t most_waiting = 256UL * 1024;  // more would only wait here instead of in the input
constexpr std::uint64_t large_body = 16UL << 20U;   // the broker may have a limit for it
constexpr int most_reads = 64;  // a broker that sends without a pause does not put off the limits of the run

std::uint64_t whole_size(const Message& message) {
    return message.more ? std::max<std::uint64_t>(message.size.value_or(0), message.payload.size())
                        : message.payload.size();
}

}  // namespace

amqp::SessionOptions session_options(const AmqpConnection& options) {
    using Auth = AmqpConnection::Auth;
    return {.name = options.name,
            .auth = options.auth == Auth::plain      ? amqp::Auth::plain
                    : options.auth == Auth::external ? amqp::Auth::external
                                                     : amqp::Auth::automatic,
            .heartbeat = options.heartbeat};
}

AmqpPublisher::AmqpPublisher(net::Address address, net::ConnectOptions connect, AmqpConnection connection,
                             const PublisherOptions& options, AnswerSink& answers, const base::Stop& stop)
    : address_(std::move(address)),
      options_(std::move(connect)),
      connection_options_(std::move(connection)),
      publishing_(options.amqp),
      where_(net::display(address_)),
      window_(std::max<std::size_t>(options.window, 1)),
      renew_(options.renew),
      answers_(answers),
      stop_(stop),
      encoder_(publishing_) {
    if (options.counts_all) {
        throw Error(Exit::usage,
                    "--require-receivers: RabbitMQ does not tell how many consumers get a message",
                    "leave it out: a message that no queue takes is an error anyway");
    }
    if (publishing_.declare) {
        declaration({.exchange = {}, .key = "any"}, *publishing_.declare);  // refuses wrong arguments
    }
    this->connect(address_);
}

// A broker that takes nothing for now does not read the farewell either.
AmqpPublisher::~AmqpPublisher() {
    if (session_ && !broken_ && AmqpPublisher::in_flight() == 0 && !AmqpPublisher::blocked()) {
        session_->leave(stop_);
    }
}

void AmqpPublisher::connect(const net::Address& address) {
    session_.reset();
    session_ =
        std::make_unique<amqp::Session>(address, options_, session_options(connection_options_), stop_);
    channel_ = {};
    proved_.clear();
    alone_.reset();
    fresh_ = true;
    told_blocked_ = false;
}

std::uint64_t AmqpPublisher::in_flight() const {
    return channel_.window.in_flight() + refused_here_.size() + (holds() ? 1 : 0);
}

bool AmqpPublisher::has_room() const {
    if (holds() || (session_ && session_->stream().out().pending() >= most_waiting)) {
        return false;
    }
    if (pieces_.left > 0) {
        return true;
    }
    return !alone_ && !full_ && in_flight() < window_ && !blocked();
}

void AmqpPublisher::publish(const Message& message, std::uint64_t tag) {
    if (pieces_.left > 0) {
        send_piece(message);
        return;
    }
    if (in_flight() == 0) {
        reopen_if_closed();
    }
    try {
        encoder_.prepare(message, tag);
        if (publishing_.declare && !base::is_utf8(message.channel)) {
            throw Error(Exit::usage, "the name is not UTF-8, and RabbitMQ declares no such names");
        }
        if (encoder_.header_size() > session_->frame_max()) {
            throw Error(Exit::usage, "the properties and headers are larger than a frame of this broker");
        }
    } catch (const Error& error) {
        pieces_ = {.tag = tag, .left = whole_size(message) - message.payload.size(), .dropped = true};
        refused_here_.push_back({tag, refusal(error.what(), error.hint())});
        return;
    }
    send(message, tag);
    full_ = in_flight() >= window_;
    fresh_ = false;
}

std::string AmqpPublisher::proof() const {
    return publishing_.declare ? amqp::channel_text(encoder_.place()) : encoder_.place().exchange;
}

bool AmqpPublisher::may_be_at_fault(std::uint64_t size) const {
    return size > large_body || encoder_.names_user() || !proved_.contains(proof());
}

void AmqpPublisher::send(const Message& message, std::uint64_t tag) {
    const std::uint64_t size = whole_size(message);
    const amqp::ConfirmWindow::Sent sent{
        .number = tag, .fingerprint = fingerprint(encoder_.place_hash(), message.payload), .size = size};
    const bool alone = may_be_at_fault(size);
    if (alone) {
        alone_.emplace(Alone{sent, proof(), how_to_declare()});
    }
    const bool held = alone && (channel_.window.in_flight() > 0 || alone_->declaring == Declaring::look);
    if (held) {
        alone_->held.emplace();
    } else {
        begin(sent);
    }
    net::OutBlocks& out = held ? *alone_->held : session_->stream().out();
    encoder_.append(out, amqp::first_channel, size, message.payload, session_->frame_max());
    pieces_ = {.tag = tag, .left = size - message.payload.size()};
    if (!held) {
        note_end();
    }
}

// A message that is not whole has no end yet.
void AmqpPublisher::note_end() {
    const std::size_t all = session_->stream().out().total();
    channel_.window.set_end(pieces_.left > 0 ? std::numeric_limits<std::size_t>::max() : all);
}

bool AmqpPublisher::send_held() {
    if (!holds() || channel_.window.in_flight() > 0 || blocked() || alone_->declaring == Declaring::looking) {
        return false;
    }
    if (alone_->declaring == Declaring::look) {
        look_for();
        return true;
    }
    begin(alone_->message);
    for (net::OutBlocks& held = *alone_->held; held.pending() > 0; held.consume(held.front().size())) {
        session_->stream().out().append(held.front());
    }
    alone_->held.reset();
    note_end();
    return true;
}

void AmqpPublisher::send_piece(const Message& message) {
    if (message.payload.size() > pieces_.left || (!message.more && message.payload.size() < pieces_.left)) {
        throw Error(Exit::bad_input, "publishing to " + where_ + ": the input changed while it was read");
    }
    pieces_.left -= message.payload.size();
    if (!pieces_.dropped) {
        AmqpEncoder::append_body(session_->stream().out(), amqp::first_channel, message.payload,
                                 session_->frame_max());
        note_end();
    }
}

// The bytes of the message must be appended next.
void AmqpPublisher::begin(amqp::ConfirmWindow::Sent message) {
    open_channel();
    if (alone_ && alone_->declaring == Declaring::yes) {
        declare();
    }
    message.begin = session_->stream().out().total();
    channel_.window.add(message);
}

void AmqpPublisher::open_channel() {
    if (!std::exchange(channel_.open, true)) {
        session_->stream().out().append(amqp::open_publishing(amqp::first_channel));
    }
}

// A server may close an idle connection. If that is noticed here, nothing of the message can have been sent.
void AmqpPublisher::reopen_if_closed() {
    if (session_ && !fresh_) {
        exchange();
    }
    if (!session_) {
        open_anew(address_, renew_, [this](const net::Address& address) { connect(address); });
    }
}

void AmqpPublisher::exchange() {
    tell_local_refusals();
    transfer();
    if (full_ && in_flight() <= window_ - window_ / 4) {
        full_ = false;
    }
}

void AmqpPublisher::transfer() {
    for (int reads = 0; reads < most_reads && session_ && !broken_; ++reads) {
        const State sent = session_->stream().flush();
        const State got = session_->receive();
        if (!read_frames()) {
            return;
        }
        // After a failed send there may still be a frame that says why.
        const bool last = got == State::blocked && sent == State::failed;
        if (last || got == State::ended || got == State::failed) {
            lost(session_->stream().trouble());
            return;
        }
        const bool sends_more = send_held();
        if (!sends_more && (got == State::blocked || session_->stream().drained())) {
            break;
        }
    }
    if (session_ && !broken_ && session_->silent()) {
        lost({.exit = Exit::unknown,
              .why = "the broker has been silent for " + base::format_duration(2 * session_->heartbeat())});
    }
}

void AmqpPublisher::tell_local_refusals() {
    while (!refused_here_.empty()) {
        const Local local = std::move(refused_here_.front());
        refused_here_.pop_front();
        answers_.refused(local.tag, local.error, Refused::message);
    }
}

net::Ready AmqpPublisher::wait(const base::Deadline& deadline, const base::Stop* stop,
                               std::span<pollfd> others) {
    if (!session_) {
        return net::wait_without_stream(deadline, stop, others);
    }
    return session_->wait(deadline, stop, others);
}

void AmqpPublisher::lost(const net::Failure& why) {
    if (in_flight() > 0 || pieces_.left > 0) {
        broken_ = true;
        why_ = why;
        return;
    }
    if (why.exit == Exit::unreachable) {
        throw Error(why.exit, "publishing to " + where_ + ": " + why.why, why.hint);
    }
    session_.reset();
}

Loss AmqpPublisher::loss() const {
    Loss loss{.why = why_};
    if (!session_) {
        return loss;
    }
    const std::size_t consumed = session_->stream().out().consumed();
    const auto count = [&](std::uint64_t tag, bool begun) {
        loss.first_tag = loss.first_tag == 0 ? tag : std::min(loss.first_tag, tag);
        ++(begun ? loss.unknown : loss.not_sent);
    };
    channel_.window.each([&](const amqp::ConfirmWindow::Sent& message) {
        count(message.number, !rejected_ && message.begin < consumed);
    });
    if (holds()) {
        count(alone_->message.number, false);
    }
    for (const Local& local : refused_here_) {
        count(local.tag, false);
    }
    return loss;
}

}  // namespace hail::pubsub
