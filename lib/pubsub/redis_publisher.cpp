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
constexpr int most_reads = 64;  // a server that sends without a pause does not put off the limits of the run

std::string enveloped(const Message& message) {
    return write_envelope({.reply_to = message.reply_to,
                           .correlation_id = message.correlation_id,
                           .failed = message.failed,
                           .payload = message.payload});
}

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
      first_window_(options.first_window),
      renew_(options.renew),
      asks_(!options.stream),
      counts_all_(options.counts_all),
      receivers_(options.receivers),
      answers_(answers),
      stop_(stop),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {
    this->connect(address_);
    if (counts_all_) {
        await_node();
    }
}

void RedisPublisher::connect(const net::Address& address) {
    connection_.reset();
    connection_ =
        std::make_unique<Connection>(address, options_, static_cast<redis::TokenSink&>(*this), stop_);
    for (const std::string& warning : connection_->session.warnings()) {
        warn(warning);
    }
    question_ = asks_ ? Question::open : Question::answered;
    node_ = {};
    fresh_ = true;
    answered_ = false;
    open_ = false;
}

bool RedisPublisher::has_room() const {
    return in_flight() < (open_ ? window_ : std::min(window_, first_window_)) &&
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
    ask_node();
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
        encoder_->append(out, enveloped(message));
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
    for (int reads = 0; reads < most_reads && connection_ && !broken_; ++reads) {
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
    return net::wait_without_stream(deadline, stop, others);
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

void RedisPublisher::warn(const std::string& what) {
    if (std::find(warnings_.begin(), warnings_.end(), what) == warnings_.end()) {
        warnings_.push_back(what);
    }
}

void RedisPublisher::ask_node() {
    if (question_ == Question::open) {
        connection_->session.stream().out().append(redis::node_question);
        question_ = Question::sent;
    }
}

// Only for a count that must be complete: otherwise nothing waits for this answer.
void RedisPublisher::await_node() {
    ask_node();
    const base::Deadline until = base::Deadline::after(options_.connect_timeout);
    while (connection_ && question_ != Question::answered && !until.passed()) {
        RedisPublisher::exchange();
        if (question_ == Question::in_answer && connection_ && !connection_->reader.in_reply()) {
            question_ = Question::answered;
        }
        const bool waiting = connection_ && question_ != Question::answered;
        if (waiting && connection_->session.stream().wait(until, &stop_).stopped) {
            throw Error(stop_.exit(), "asking " + net::display(address_) + ": stopped by a signal");
        }
    }
    judge_node();
}

void RedisPublisher::judge_node() {
    const std::string where = net::display(address_);
    if (node_.is_replica()) {
        warn("the node at " + where +
             " is a replica: only its own subscribers receive what is published here; use the address of "
             "its master");
    }
    if (node_.is_in_cluster() && counts_all_) {
        throw Error(Exit::usage,
                    "--require-receivers: the node at " + where +
                        " is part of a cluster and counts only its own subscribers, nothing was sent",
                    "leave out --require-receivers");
    }
    if (node_.is_in_cluster() && receivers_) {
        warn("the node at " + where + " is part of a cluster: --receivers counts only its own subscribers");
    }
}

// Returns whether the token belongs to the answer about the node.
bool RedisPublisher::take_node(const Token& token) {
    if (question_ == Question::in_answer) {
        if (token.depth > 0) {
            node_.take(token);
            return true;
        }
        question_ = Question::answered;
        judge_node();
        return false;
    }
    // An integer answers PUBLISH: something between has swallowed the question.
    const bool answers = question_ == Question::sent && token.kind != Token::Kind::integer;
    if (question_ == Question::sent) {
        question_ = token.kind == Token::Kind::array ? Question::in_answer : Question::answered;
    }
    return answers;
}

// Of the oldest message without an answer: those after it begin where it ends.
bool RedisPublisher::sent_whole() const {
    const net::OutBlocks& out = connection_->session.stream().out();
    const bool last = head_ + 1 == tail_;
    return out.consumed() >= (last ? out.total() : ring_[(head_ + 1) & (ring_.size() - 1)].begin);
}

void RedisPublisher::take(const Token& token) {
    // The same words in answer to a later message are only about that one.
    const bool turned_away = token.kind == Token::Kind::error && !answered_ && redis::turns_away(token.text);
    if ((!turned_away && take_node(token)) || token.depth > 0) {
        return;
    }
    const bool error = token.kind == Token::Kind::error;
    if (error && (in_flight() == 0 || turned_away)) {
        rejected_ = true;
        redis::throw_refusal("publishing to " + net::display(address_), token.text);
    }
    const std::optional<Accepted> accepted = acceptance(token);
    if (in_flight() == 0 || (!error && !accepted)) {
        throw Error(Exit::bad_reply, "publishing to " + net::display(address_) +
                                         ": the server's answer does not fit the command");
    }
    if (accepted && !sent_whole()) {
        throw Error(Exit::bad_reply, "publishing to " + net::display(address_) +
                                         ": the server accepted a message before all of it was sent");
    }
    const std::uint64_t tag = ring_[head_ & (ring_.size() - 1)].tag;
    while (channels_.size() > 1 && channels_[1].first <= head_) {
        channels_.pop_front();
    }
    ++head_;
    answered_ = true;
    const Refused what = error ? refused_by(redis::meaning(token.text)) : Refused::message;
    open_ = what != Refused::for_now;
    if (accepted) {
        answers_.accepted(tag, *accepted);
    } else {
        answers_.refused(tag, refusal(token.text), what);
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
    const std::array<std::string, 3> words{
        "PUBLISH", std::string(message.channel),
        message.reply_to ? enveloped(message) : std::string(message.payload)};
    return redis::encode(words);
}

}  // namespace hail::pubsub
