#include "lib/pubsub/redis_stream_subscriber.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/redis_subscriber.h"
#include "lib/redis/replies.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Exit;
using base::Milliseconds;
using net::State;
using redis::StreamReply;

constexpr std::size_t stream_buffer = 64UL * 1024;
constexpr std::size_t most_acknowledged = 1000;  // by one command
constexpr Milliseconds longest_block(5'000);
// While entries are being handled, acknowledgements may come at any time, and have to wait for the reading.
constexpr Milliseconds short_block(200);
constexpr Milliseconds between_checks(5'000);

std::string first_place(const StreamOptions& options) {
    switch (options.from) {
        case StreamOptions::From::start:
            return "0";
        case StreamOptions::From::end:
            return "$";
        case StreamOptions::From::id:
            break;
    }
    return options.from_id.text();
}

}  // namespace

RedisStreamSubscriber::RedisStreamSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                                             const std::vector<std::string>& keys,
                                             const SubscriberOptions& options, MessageSink& messages,
                                             const base::Stop& stop)
    : where_(net::display(address)),
      settings_(options),
      state_(options.stream),
      options_(state_->options),
      messages_(messages),
      session_(address, connect, subscriber_session, stop),
      replies_(where_, *this),
      reader_(replies_),
      buffer_(std::make_unique_for_overwrite<char[]>(stream_buffer)),
      claim_due_(Deadline::after(Milliseconds(0))),
      check_due_(Deadline::after(Milliseconds(0))) {
    if (state_->streams.empty()) {
        for (const std::string& key : keys) {
            state_->streams.push_back({.key = key});
        }
    }
    sent_.resize(state_->streams.size());
    advance();
}

bool RedisStreamSubscriber::receive() {
    advance();
    net::ByteStream& stream = session_.stream();
    const net::Received got = stream.receive({buffer_.get(), stream_buffer});
    if (got.state == State::ended || got.state == State::failed) {
        lost();
    }
    if (got.state == State::blocked) {
        return false;
    }
    alive_until_ = Deadline::after(longest_block + settings_.answer_within);
    bytes_ += got.bytes;
    reader_.feed({buffer_.get(), got.bytes});
    return !stream.drained();
}

net::Ready RedisStreamSubscriber::wait(const Deadline& deadline, const base::Stop* stop,
                                       std::span<pollfd> others) {
    advance();
    if (at_end_) {
        return {};
    }
    if (replies_.awaited() == 0) {
        return session_.stream().wait(deadline, stop, others);
    }
    if (alive_until_.passed()) {
        throw_silent(where_, longest_block + settings_.answer_within);
    }
    return session_.stream().wait(sooner(deadline, alive_until_), stop, others);
}

void RedisStreamSubscriber::lost() const {
    const net::Failure& trouble = session_.stream().trouble();
    const std::string what = (ready_ ? "receiving from " : "subscribing to ") + where_ + ": " + trouble.why;
    if (trouble.exit == Exit::unreachable) {
        throw base::Error(trouble.exit, what, trouble.hint);
    }
    throw ConnectionLost(Exit::unknown, what, ready_ ? "" : trouble.hint);
}

void RedisStreamSubscriber::settle(std::uint64_t delivery, Settlement settlement) {
    const auto found = state_->deliveries.find(delivery);
    if (found == state_->deliveries.end()) {
        return;  // without a group, nothing is acknowledged
    }
    Stream& stream = state_->streams[found->second.stream];
    if (settlement == Settlement::done) {
        stream.done.push_back(found->second.id);
    } else {
        stream.held.erase(found->second.id);  // it stays pending, and is claimed again later
    }
    state_->deliveries.erase(found);
}

bool RedisStreamSubscriber::settled() const {
    return std::all_of(state_->streams.begin(), state_->streams.end(),
                       [](const Stream& stream) { return stream.done.empty(); });
}

void RedisStreamSubscriber::acknowledge() {
    for (std::size_t i = 0; i < state_->streams.size() && ready_; ++i) {
        const Stream& stream = state_->streams[i];
        while (sent_[i] < stream.done.size()) {
            const std::size_t count = std::min(most_acknowledged, stream.done.size() - sent_[i]);
            const auto begin = stream.done.begin() + static_cast<std::ptrdiff_t>(sent_[i]);
            const std::vector<redis::StreamId> ids(begin, begin + static_cast<std::ptrdiff_t>(count));
            send(StreamReply::number, redis::xack(stream.key, options_.consumer->group, ids));
            acknowledging_.push_back({i, count});
            sent_[i] += count;
        }
    }
}

void RedisStreamSubscriber::send(StreamReply reply, const std::string& command) {
    if (replies_.awaited() == 0) {
        alive_until_ = Deadline::after(longest_block + settings_.answer_within);
    }
    session_.stream().out().append(command);
    replies_.expect(reply);
    asked_ += reply == StreamReply::number ? 0 : 1;
}

// Called before every wait: then what was just delivered is settled as far as it can be.
void RedisStreamSubscriber::advance() {
    acknowledge();
    while (asked_ == 0 && wanted_ && !at_end_ && wanted_count(1) > 0) {
        asked_of_.clear();
        answers_ = 0;
        next_step();
    }
    session_.stream().flush();
}

void RedisStreamSubscriber::next_step() {
    switch (step_) {
        case Step::prepare:
            prepare();
            break;
        case Step::own:
        case Step::claim:
            begin_pass(step_);
            break;
        case Step::look_up:
            look_up();
            break;
        case Step::fetch:
            fetch();
            break;
        case Step::turn_page:
            turn_page();
            break;
        case Step::check:
            check();
            break;
        case Step::read:
            read();
            break;
    }
}

void RedisStreamSubscriber::prepare() {
    for (std::size_t i = 0; i < state_->streams.size(); ++i) {
        const Stream& stream = state_->streams[i];
        if (options_.consumer) {
            // A known group that is missing was deleted: entries added meanwhile must not be skipped.
            send(StreamReply::status, redis::xgroup_create(stream.key, options_.consumer->group,
                                                           stream.known ? "0" : first_place(options_)));
            asked_of_.push_back(i);
        } else if (!stream.known) {
            send(StreamReply::info, redis::xinfo(stream.key));
            asked_of_.push_back(i);
        }
    }
    at_ = 0;
    cursor_ = {};
    ready_ = ready_ || asked_ == 0;
    step_ = options_.consumer ? Step::own : Step::read;
}

void RedisStreamSubscriber::check() {
    for (std::size_t i = 0; i < state_->streams.size() && may_check_; ++i) {
        send(StreamReply::info, redis::xinfo(state_->streams[i].key));
        asked_of_.push_back(i);
    }
    check_due_ = Deadline::after(between_checks);
    step_ = Step::read;
}

void RedisStreamSubscriber::read() {
    if (ending_) {
        at_end_ = true;
        return;
    }
    if (options_.consumer && claim_due_.passed()) {
        step_ = Step::claim;
        return;
    }
    if (check_due_.passed()) {
        step_ = Step::check;
        return;
    }
    entries_ = 0;
    bytes_ = 0;
    std::vector<const Stream*> open;
    for (const Stream& stream : state_->streams) {
        if (!stream.is_read()) {
            open.push_back(&stream);
        }
    }
    if (open.empty()) {
        ending_ = true;
        step_ = Step::check;
        return;
    }
    redis::ReadLimits limits{.count = std::max<std::uint64_t>(1, wanted_count(read_count_) / open.size())};
    if (!options_.until_end) {
        limits.block = block();
    }
    if (options_.consumer) {
        std::vector<std::string> keys;
        keys.reserve(open.size());
        for (const Stream* const stream : open) {
            keys.push_back(stream->key);
        }
        send(StreamReply::read, redis::xreadgroup(*options_.consumer, keys, limits));
        return;
    }
    redis::StreamPlaces places;
    for (const Stream* const stream : open) {
        places.emplace_back(stream->key, stream->place.text());
    }
    send(StreamReply::read, redis::xread(places, limits));
}

Milliseconds RedisStreamSubscriber::block() const {
    if (!options_.consumer) {
        return longest_block;
    }
    const Milliseconds due(std::max(1, claim_due_.poll_milliseconds()));
    return std::min(due, state_->deliveries.empty() ? longest_block : short_block);
}

// The run ends after `count`: more must not become pending here.
std::uint64_t RedisStreamSubscriber::wanted_count(std::uint64_t most) const {
    if (options_.count == 0) {
        return most;
    }
    return std::min(most, options_.count - std::min(options_.count, state_->handed_over));
}

std::string redis_stream_commands(const std::vector<std::string>& keys, const StreamOptions& options) {
    std::string bytes;
    for (const std::string& key : keys) {
        bytes += options.consumer ? redis::xgroup_create(key, options.consumer->group, first_place(options))
                                  : redis::xinfo(key);
    }
    return bytes;
}

}  // namespace hail::pubsub
