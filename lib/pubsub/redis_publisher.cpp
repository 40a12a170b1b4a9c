#include "lib/pubsub/redis_publisher.h"

#include <algorithm>
#include <array>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/envelope.h"
#include "lib/redis/replies.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;
using net::State;
using redis::Token;

constexpr std::size_t buffer_size = 64UL * 1024;
constexpr std::size_t most_pending = 256UL * 1024;  // more would only wait here instead of in the input

// On a connection without an answer yet. A server that wants a login cuts a client to which it has more than
// 1 KiB to say, and what it said may then be lost.
constexpr std::size_t first_window = 16;

Refused refused_by(redis::Meaning meaning) {
    switch (meaning) {
        case redis::Meaning::channel:
            return Refused::channel;
        case redis::Meaning::client:
        case redis::Meaning::login:
            return Refused::client;
        case redis::Meaning::passing:
            return Refused::for_now;
        case redis::Meaning::command:
            break;
    }
    return Refused::message;
}

}  // namespace

RedisPublisher::RedisPublisher(net::Address address, net::ConnectOptions connect,
                               const PublisherOptions& options, AnswerSink& answers, const base::Stop& stop)
    : address_(std::move(address)),
      options_(std::move(connect)),
      window_(std::max<std::size_t>(options.window, 1)),
      renew_(options.renew),
      answers_(answers),
      stop_(stop),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {
    this->connect(address_);
}

void RedisPublisher::connect(const net::Address& address) {
    connection_.reset();
    connection_ =
        std::make_unique<Connection>(address, options_, static_cast<redis::TokenSink&>(*this), stop_);
    warnings_ = connection_->session.warnings();
    fresh_ = true;
    answered_ = false;
}

bool RedisPublisher::has_room() const {
    return in_flight() < (answered_ ? window_ : std::min(window_, first_window)) &&
           (!connection_ || connection_->session.stream().out().pending() < most_pending);
}

void RedisPublisher::remember(const Unanswered& message) {
    if (in_flight() == ring_.size()) {
        std::vector<Unanswered> larger(std::max<std::size_t>(16, ring_.size() * 2));
        for (std::uint64_t at = head_; at < tail_; ++at) {
            larger[at & (larger.size() - 1)] = ring_[at & (ring_.size() - 1)];
        }
        ring_.swap(larger);
    }
    ring_[tail_ & (ring_.size() - 1)] = message;
    ++tail_;
}

void RedisPublisher::publish(const Message& message, std::uint64_t tag) {
    if (in_flight() == 0) {
        reopen_if_closed();
    }
    if (channels_.empty() || channels_.back().channel != message.channel) {
        channels_.push_back({tail_, std::string(message.channel)});
    }
    net::OutBlocks& out = connection_->session.stream().out();
    remember({tag, out.total()});
    append(out, message, tag);
    fresh_ = false;
}

void RedisPublisher::append(net::OutBlocks& out, const Message& message, std::uint64_t) {
    if (!encoder_ || encoder_->channel() != message.channel) {
        encoder_.emplace(message.channel);
    }
    if (message.reply_to || message.correlation_id) {
        encoder_->append(out, write_envelope({.reply_to = message.reply_to,
                                              .correlation_id = message.correlation_id,
                                              .failed = message.failed,
                                              .payload = message.payload}));
    } else {
        encoder_->append(out, message.payload);
    }
}

std::optional<Accepted> RedisPublisher::acceptance(const Token& answer) const {
    return answer.kind == Token::Kind::integer ? std::optional<Accepted>({.receivers = answer.integer})
                                               : std::nullopt;
}

// A server closes idle publishers (its setting `timeout`). If that is noticed here, nothing of the message
// can have been sent.
void RedisPublisher::reopen_if_closed() {
    if (connection_ && !fresh_) {
        exchange();
    }
    if (!connection_) {
        open_anew(address_, renew_, [this](const net::Address& address) { connect(address); });
    }
}

void RedisPublisher::exchange() {
    while (connection_ && !broken_) {
        net::ByteStream& stream = connection_->session.stream();
        const State sent = stream.flush();
        const net::Received got = stream.receive({buffer_.get(), buffer_size});
        connection_->reader.feed({buffer_.get(), got.bytes});
        // After a failed send there may still be an answer that says why.
        const bool last = got.state == State::blocked && sent == State::failed;
        if (last || got.state == State::ended || got.state == State::failed) {
            lost();
            return;
        }
        if (got.state == State::blocked || stream.drained()) {
            return;
        }
    }
}

void RedisPublisher::lost() {
    if (in_flight() > 0) {
        broken_ = true;
        return;
    }
    if (connection_->session.stream().trouble().exit == Exit::unreachable) {
        const net::Failure why = connection_->session.stream().trouble();
        throw Error(why.exit, "publishing to " + net::display(address_) + ": " + why.why, why.hint);
    }
    connection_.reset();
}

net::Ready RedisPublisher::wait(const base::Deadline& deadline, const base::Stop* stop,
                                std::span<pollfd> others) {
    if (connection_) {
        return connection_->session.stream().wait(deadline, stop, others);
    }
    std::vector<pollfd> polled(others.begin(), others.end());
    polled.push_back({stop != nullptr ? stop->descriptor() : -1, POLLIN, 0});
    const int found = ::poll(polled.data(), polled.size(), deadline.poll_milliseconds());
    net::Ready ready;
    for (std::size_t i = 0; i < others.size(); ++i) {
        others[i].revents = found > 0 ? polled[i].revents : short{0};
        ready.others = ready.others || others[i].revents != 0;
    }
    ready.stopped = stop != nullptr && stop->raised() != 0;
    return ready;
}

Loss RedisPublisher::loss() const {
    Loss loss;
    if (connection_ && in_flight() > 0) {
        net::ByteStream& stream = connection_->session.stream();
        loss.why = stream.trouble();
        loss.first_tag = ring_[head_ & (ring_.size() - 1)].tag;
        for (std::uint64_t at = head_; at < tail_; ++at) {
            const bool begun = !rejected_ && ring_[at & (ring_.size() - 1)].begin < stream.out().consumed();
            ++(begun ? loss.unknown : loss.not_sent);
        }
    }
    return loss;
}

void RedisPublisher::take(const Token& token) {
    if (token.depth > 0) {
        return;
    }
    const bool error = token.kind == Token::Kind::error;
    if (error && (in_flight() == 0 || redis::turns_away(token.text))) {
        rejected_ = true;
        redis::throw_refusal("publishing to " + net::display(address_), token.text);
    }
    const std::optional<Accepted> accepted = acceptance(token);
    if (in_flight() == 0 || (!error && !accepted)) {
        throw Error(Exit::bad_reply, "publishing to " + net::display(address_) +
                                         ": the server's answer does not fit the command");
    }
    const std::uint64_t tag = ring_[head_ & (ring_.size() - 1)].tag;
    while (channels_.size() > 1 && channels_[1].first <= head_) {
        channels_.pop_front();
    }
    ++head_;
    answered_ = true;
    if (accepted) {
        answers_.accepted(tag, *accepted);
    } else {
        answers_.refused(tag, refusal(token.text), refused_by(redis::meaning(token.text)));
    }
}

Error RedisPublisher::refusal(std::string_view reply) const {
    std::string what = "publishing to " + net::display(address_);
    if (redis::meaning(reply) == redis::Meaning::channel) {
        what += ", channel '" + base::one_line(channels_.front().channel) + "'";
    }
    return redis::refusal(what, reply);
}

std::string redis_publish(const Message& message) {
    const std::array<std::string, 3> words{"PUBLISH", std::string(message.channel),
                                           std::string(message.payload)};
    return redis::encode(words);
}

}  // namespace hail::pubsub
