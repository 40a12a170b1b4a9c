#include "lib/pubsub/redis_subscriber.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/envelope.h"
#include "lib/redis/replies.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;
using net::State;

constexpr std::size_t receive_size = 64UL * 1024;

constexpr std::string_view of_keys = "__keyspace@";
constexpr std::string_view of_events = "__keyevent@";

bool any_begins(const Subscriptions& subscriptions, std::string_view beginning) {
    const auto begins = [&](const std::string& name) { return name.starts_with(beginning); };
    return std::any_of(subscriptions.channels.begin(), subscriptions.channels.end(), begins) ||
           std::any_of(subscriptions.patterns.begin(), subscriptions.patterns.end(), begins);
}

std::optional<std::string_view> view_of(const std::string* pattern) {
    return pattern == nullptr ? std::nullopt : std::optional<std::string_view>(*pattern);
}

}  // namespace

void throw_silent(const std::string& where, base::Milliseconds duration) {
    throw ConnectionLost(
        Exit::unknown,
        "receiving from " + where + ": the server has been silent for " + base::format_duration(duration),
        "check the server and the network");
}

redis::SessionOptions session_for(const Subscriptions& subscriptions) {
    redis::SessionOptions options = subscriber_session;
    if (any_begins(subscriptions, of_keys) || any_begins(subscriptions, of_events)) {
        options.setting = "notify-keyspace-events";
    }
    return options;
}

// K and E switch the two kinds of channels on; every other letter is a class of events, A most of them.
std::string keyspace_warning(const Subscriptions& subscriptions, std::string_view setting) {
    const bool any_class = setting.find_first_not_of("KE") != setting.npos;
    const bool keys = any_class && setting.find('K') != setting.npos;
    const bool events = any_class && setting.find('E') != setting.npos;
    if ((keys || !any_begins(subscriptions, of_keys)) && (events || !any_begins(subscriptions, of_events))) {
        return {};
    }
    return "the server does not publish these keyspace notifications: its setting notify-keyspace-events is "
           "'" +
           base::one_line(setting) + "'; CONFIG SET notify-keyspace-events KEA switches all of them on";
}

RedisSubscriber::RedisSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                                 const Subscriptions& subscriptions, const SubscriberOptions& options,
                                 MessageSink& messages, const base::Stop& stop)
    : where_(net::display(address)),
      options_(options),
      messages_(messages),
      session_(address, connect, session_for(subscriptions), stop),
      frames_(where_, subscriptions.channels, subscriptions.patterns, *this),
      reader_(frames_, {.most = std::max(options.max_message, redis::ReaderLimits{}.most)}),
      buffer_(std::make_unique_for_overwrite<char[]>(receive_size)),
      silent_until_(base::Deadline::after(options.silence)) {
    warnings_ = session_.warnings();
    if (session_.setting()) {
        if (std::string warning = keyspace_warning(subscriptions, *session_.setting()); !warning.empty()) {
            warnings_.push_back(std::move(warning));
        }
    }
    session_.stream().out().append(redis_subscribe(subscriptions));
    session_.stream().flush();
}

bool RedisSubscriber::receive() {
    net::ByteStream& stream = session_.stream();
    stream.flush();
    const net::Received got = stream.receive({buffer_.get(), receive_size});
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
        throw_silent(where_, options_.silence + options_.answer_within);
    }
    session_.stream().out().append("*1\r\n$4\r\nPING\r\n");
    session_.stream().flush();
    asked_ = true;
    ++probes_;
    silent_until_ = base::Deadline::after(options_.answer_within);
}

void RedisSubscriber::lost() const {
    const net::Failure& trouble = session_.stream().trouble();
    const std::string what = "receiving from " + where_ + ": ";
    if (trouble.exit == Exit::unreachable) {
        throw Error(trouble.exit, what + trouble.why, trouble.hint);
    }
    if (reader_.in_reply()) {
        throw ConnectionLost(
            Exit::unknown, what + trouble.why + " in the middle of a message, messages are lost",
            "raise the server's client-output-buffer-limit for pubsub, which was probably exceeded, "
            "or read faster");
    }
    if (!frames_.any_confirmed()) {
        throw ConnectionLost(Exit::unknown, "subscribing to " + where_ + ": " + trouble.why, trouble.hint);
    }
    throw ConnectionLost(Exit::unknown, what + trouble.why + "; messages may have been lost before it",
                         "likely causes: CLIENT KILL, rights that were taken away, a server that ended, or a "
                         "reader that was too slow for its client-output-buffer-limit");
}

void RedisSubscriber::message(std::string_view channel, const std::string* pattern,
                              std::string_view payload) {
    if (is_too_large(channel, payload.size())) {
        return;
    }
    Message message{.channel = channel, .pattern = view_of(pattern), .payload = payload};
    if (const auto envelope = options_.envelopes ? read_envelope(payload) : std::nullopt) {
        message.reply_to = envelope->reply_to;
        message.correlation_id = envelope->correlation_id;
        message.failed = envelope->failed;
        message.payload = envelope->payload;
    }
    messages_.take(message);
}

bool RedisSubscriber::is_too_large(std::string_view channel, std::uint64_t size) {
    const bool too_large = size > options_.max_message;
    if (too_large) {
        messages_.warn("a message of " + std::to_string(size) + " bytes to '" + base::one_line(channel, 60) +
                       "' is skipped: --max-message allows " + std::to_string(options_.max_message));
    }
    return too_large;
}

bool RedisSubscriber::begin_large(std::string_view channel, const std::string* pattern, std::uint64_t size) {
    large_ = {std::string(channel), pattern, is_too_large(channel, size)};
    return large_.skipped || messages_.takes_pieces();
}

void RedisSubscriber::piece(std::string_view bytes) {
    if (!large_.skipped) {
        messages_.take(
            {.channel = large_.channel, .pattern = view_of(large_.pattern), .payload = bytes, .more = true});
    }
}

void RedisSubscriber::end_large() {
    if (!large_.skipped) {
        message(large_.channel, large_.pattern, {});
    }
}

void RedisSubscriber::unsubscribed(std::string_view name) {
    throw ConnectionLost(
        Exit::unknown,
        "receiving from " + where_ + ": the server ended the subscription to '" + base::one_line(name) + "'");
}

void RedisSubscriber::error(std::string_view text) {
    if (!ready()) {
        const std::string* const name = frames_.next_name();
        const bool named = name != nullptr && redis::meaning(text) == redis::Meaning::channel;
        redis::throw_refusal(
            "subscribing to " + where_ + (named ? ", channel '" + base::one_line(*name) + "'" : ""), text);
    }
    if (probes_ > 0) {
        --probes_;  // a busy server answers PING with an error
    } else {
        messages_.warn("the server at " + where_ + " says: " + base::one_line(text));
    }
}

std::string redis_subscribe(const Subscriptions& subscriptions) {
    std::string bytes;
    const auto add = [&](const char* command, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            bytes += redis::encode(std::array<std::string, 2>{command, name});
        }
    };
    add("SUBSCRIBE", subscriptions.channels);
    add("PSUBSCRIBE", subscriptions.patterns);
    return bytes;
}

}  // namespace hail::pubsub
