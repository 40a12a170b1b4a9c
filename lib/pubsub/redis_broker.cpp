#include "lib/pubsub/redis_broker.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;
using net::State;
using redis::Token;

constexpr std::size_t buffer_size = 64UL * 1024;
constexpr std::size_t most_pending = 256UL * 1024;  // more would only wait here instead of in the input

std::unique_ptr<char[]> make_buffer() {
    // Not make_unique, which would clear the buffer: a one-shot run uses only a few bytes of it.
    return std::unique_ptr<char[]>(new char[buffer_size]);
}

// Whether this is the error that a server sends once, before it closes a connection from which it has read
// nothing.
bool turns_away(std::string_view error) {
    return error.starts_with("DENIED") || error.starts_with("ERR max number of clients");
}

// "NOPERM this user has no permissions to access one of the channels used as arguments", "... to run the
// 'publish' command".
Refused what_is_refused(std::string_view error) {
    if (error.starts_with("NOAUTH")) {
        return Refused::client;
    }
    if (error.starts_with("NOPERM")) {
        return error.find("channel") != error.npos ? Refused::channel : Refused::client;
    }
    return Refused::message;
}

}  // namespace

RedisPublisher::RedisPublisher(net::Address address, net::ConnectOptions connect,
                               const PublisherOptions& options, AnswerSink& answers, const base::Stop& stop)
    : address_(std::move(address)),
      options_(std::move(connect)),
      window_(std::max<std::size_t>(options.window, 1)),
      answers_(answers),
      stop_(stop),
      buffer_(make_buffer()) {
    this->connect();
}

void RedisPublisher::connect() {
    connection_.reset();
    connection_ =
        std::make_unique<Connection>(address_, options_, static_cast<redis::TokenSink&>(*this), stop_);
    warnings_ = connection_->session.warnings();
    fresh_ = true;
}

bool RedisPublisher::has_room() const {
    return in_flight() < window_ &&
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

void RedisPublisher::publish(std::string_view channel, std::string_view payload, std::uint64_t tag) {
    if (in_flight() == 0) {
        reopen_if_closed();
    }
    if (!encoder_ || encoder_->channel() != channel) {
        encoder_.emplace(channel);
    }
    net::OutBlocks& out = connection_->session.stream().out();
    remember({tag, out.total()});
    encoder_->append(out, payload);
    fresh_ = false;
}

// A server closes idle publishers (its setting `timeout`). If that is noticed here, nothing of the message
// can have been sent.
void RedisPublisher::reopen_if_closed() {
    if (connection_ && !fresh_) {
        exchange();
    }
    if (!connection_) {
        connect();
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
    if (error && (in_flight() == 0 || turns_away(token.text))) {
        rejected_ = true;
        throw redis::refusal("publishing to " + net::display(address_), token.text);
    }
    if (in_flight() == 0 || (!error && token.kind != Token::Kind::integer)) {
        throw Error(Exit::bad_reply,
                    "publishing to " + net::display(address_) + ": the server's answer does not fit PUBLISH");
    }
    const std::uint64_t tag = ring_[head_ & (ring_.size() - 1)].tag;
    ++head_;
    if (error) {
        answers_.refused(tag, redis::refusal("publishing to " + net::display(address_), token.text),
                         what_is_refused(token.text));
    } else {
        answers_.accepted(tag, token.integer);
    }
}

RedisSubscriber::RedisSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                                 const Subscriptions& subscriptions, const SubscriberOptions& options,
                                 MessageSink& messages, const base::Stop& stop)
    : where_(net::display(address)),
      options_(options),
      messages_(messages),
      session_(address, connect, subscriber_session, stop),
      frames_(where_, subscriptions.channels, subscriptions.patterns, *this),
      reader_(frames_),
      buffer_(make_buffer()),
      silent_until_(base::Deadline::after(options.silence)) {
    session_.stream().out().append(redis_subscribe(subscriptions));
    session_.stream().flush();
}

bool RedisSubscriber::receive() {
    net::ByteStream& stream = session_.stream();
    stream.flush();
    const net::Received got = stream.receive({buffer_.get(), buffer_size});
    if (got.state == State::ended || got.state == State::failed) {
        lost();
    }
    if (got.state == State::blocked) {
        return false;
    }
    silent_until_ = base::Deadline::after(options_.silence);
    reader_.feed({buffer_.get(), got.bytes});
    asked_ = false;
    return !stream.drained();
}

net::Ready RedisSubscriber::wait(const base::Deadline& deadline, const base::Stop* stop,
                                 std::span<pollfd> others) {
    keep_alive();
    return session_.stream().wait(sooner(deadline, silent_until_), stop, others);
}

void RedisSubscriber::keep_alive() {
    if (!silent_until_.passed()) {
        return;
    }
    if (asked_) {
        throw Error(Exit::unknown,
                    "receiving from " + where_ + ": the server has been silent for " +
                        base::format_duration(options_.silence + options_.answer_within) +
                        ", messages may be lost",
                    "check the server and the network");
    }
    session_.stream().out().append("*1\r\n$4\r\nPING\r\n");
    session_.stream().flush();
    asked_ = true;
    silent_until_ = base::Deadline::after(options_.answer_within);
}

void RedisSubscriber::lost() const {
    const net::Failure& trouble = session_.stream().trouble();
    const std::string what = "receiving from " + where_ + ": ";
    if (trouble.exit == Exit::unreachable) {
        throw Error(trouble.exit, what + trouble.why, trouble.hint);
    }
    if (reader_.in_reply()) {
        throw Error(Exit::unknown, what + trouble.why + " in the middle of a message, messages are lost",
                    "raise the server's client-output-buffer-limit for pubsub, which was probably exceeded, "
                    "or read faster");
    }
    if (!frames_.any_confirmed()) {
        throw Error(Exit::unknown, "subscribing to " + where_ + ": " + trouble.why,
                    "if the server expects TLS, use rediss://");
    }
    throw Error(Exit::unknown, what + trouble.why + ", messages published from now on are missed");
}

void RedisSubscriber::message(std::string_view channel, const std::string* pattern,
                              std::string_view payload) {
    messages_.take(
        {channel, pattern == nullptr ? std::nullopt : std::optional<std::string_view>(*pattern), payload});
}

void RedisSubscriber::unsubscribed(std::string_view name) {
    throw Error(Exit::unknown, "receiving from " + where_ + ": the server ended the subscription to '" +
                                   base::one_line(name) + "'");
}

void RedisSubscriber::error(std::string_view text) {
    if (!ready()) {
        throw redis::refusal("subscribing to " + where_, text);
    }
    if (!asked_) {  // else a busy server answers PING with it: the server is alive
        messages_.warn("the server at " + where_ + " says: " + base::one_line(text));
    }
}

std::string redis_handshake(const net::Address& address, const redis::SessionOptions& options) {
    net::Address masked = address;
    if (masked.password) {
        masked.password = "***";
    }
    std::string bytes;
    for (const auto& command : redis::handshake_commands(masked, options)) {
        bytes += redis::encode(command);
    }
    return bytes;
}

std::string redis_publish(std::string_view channel, std::string_view payload) {
    const std::array<std::string, 3> words{"PUBLISH", std::string(channel), std::string(payload)};
    return redis::encode(words);
}

std::string redis_subscribe(const Subscriptions& subscriptions) {
    std::string bytes;
    const auto add = [&](const char* command, const std::vector<std::string>& names) {
        if (!names.empty()) {
            std::vector<std::string> words{command};
            words.insert(words.end(), names.begin(), names.end());
            bytes += redis::encode(words);
        }
    };
    add("SUBSCRIBE", subscriptions.channels);
    add("PSUBSCRIBE", subscriptions.patterns);
    return bytes;
}

}  // namespace hail::pubsub
