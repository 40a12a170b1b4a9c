// RedisStreamSubscriber: the answers of the server.

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/redis_stream_subscriber.h"
#include "lib/redis/replies.h"

namespace hail::pubsub {

namespace {

using base::Exit;
using redis::StreamReply;

constexpr std::uint64_t bytes_at_once = 1024UL * 1024;  // of a reading, about
constexpr std::uint64_t most_read = 1000;

// The first of several fields of this name is the payload; the rest are only fields.
constexpr std::string_view payload_field = "payload";

// A smaller number is one that a publisher counted, not a time.
constexpr std::uint64_t least_time = 100'000'000'000;

std::string key_name(const std::string& key) {
    return "'" + base::one_line(key, 60) + "'";
}

}  // namespace

StreamState::Stream& RedisStreamSubscriber::stream_of(std::string_view key) {
    if (state_->streams[last_known_].key != key) {
        const auto found = std::find_if(state_->streams.begin(), state_->streams.end(),
                                        [&](const Stream& stream) { return stream.key == key; });
        if (found == state_->streams.end()) {
            throw base::Error(Exit::bad_reply, "receiving from " + where_ + ": the broker sent entries of '" +
                                                   base::one_line(key, 60) +
                                                   "', a stream that was not asked for");
        }
        last_known_ = static_cast<std::size_t>(found - state_->streams.begin());
    }
    return state_->streams[last_known_];
}

void RedisStreamSubscriber::entry(const redis::StreamEntry& entry) {
    if (step_ == Step::turn_page) {  // the answer to XCLAIM
        const auto asked = std::find_if(page_.begin(), page_.end(),
                                        [&](const auto& pending) { return pending.id == entry.id; });
        if (asked != page_.end() && !entry.deleted) {
            const std::uint64_t deliveries = asked->deliveries + 1;
            page_.erase(asked);
            deliver(at_, entry, deliveries);
        }
        return;
    }
    Stream& stream = stream_of(entry.key);
    ++entries_;
    if (!options_.consumer && stream.until && entry.id > *stream.until) {
        stream.ended = true;  // this one was added after the reading had begun
        return;
    }
    stream.place = std::max(stream.place, entry.id);
    if (!options_.consumer && stream.counted) {
        ++*stream.counted;
    }
    deliver(last_known_, entry, 1);
}

void RedisStreamSubscriber::deliver(std::size_t index, const redis::StreamEntry& entry,
                                    std::uint64_t deliveries) {
    Stream& stream = state_->streams[index];
    Message message{.channel = stream.key};
    fields_.clear();
    bool found = false;
    for (const auto& [name, value] : entry.fields) {
        if (!found && name == payload_field) {
            message.payload = value;
            found = true;
        } else {
            fields_.push_back({name, value});
        }
    }
    if (!found && !stream.without_payload) {
        stream.without_payload = true;
        messages_.warn("entries of " + key_name(stream.key) +
                       " have no field 'payload': --json shows the fields that they have");
    }
    const std::string id = entry.id.text();
    message.id = id;
    message.fields = fields_;
    message.deliveries = deliveries;
    message.delivery = ++state_->last_delivery;
    if (entry.id.milliseconds >= least_time && entry.id.milliseconds < least_time * 1000) {
        message.time =
            std::chrono::system_clock::time_point(std::chrono::milliseconds(entry.id.milliseconds));
    }
    if (options_.consumer) {
        stream.held.insert(entry.id);
        state_->deliveries.emplace(message.delivery, StreamState::Held{index, entry.id});
    }
    ++state_->handed_over;
    messages_.take(message);
}

void RedisStreamSubscriber::info(const redis::StreamInfo& info) {
    Stream& stream = state_->streams[asked_of_[answers_]];
    if (options_.until_end && !stream.until) {
        stream.until = info.last;
    }
    if (!stream.known) {
        find_place(stream, info);
    } else if (!options_.consumer && info.last < stream.place) {
        messages_.warn("the stream " + key_name(stream.key) +
                       " was deleted and made again: reading it from its start");
        stream.place = {};
        stream.counted = 0;
    }
    report_loss(stream, info);
}

void RedisStreamSubscriber::find_place(Stream& stream, const redis::StreamInfo& info) {
    switch (options_.from) {
        case StreamOptions::From::start:
            stream.counted =
                info.added ? std::optional(*info.added - std::min(*info.added, info.length)) : std::nullopt;
            break;
        case StreamOptions::From::end:
            stream.place = info.last;
            stream.counted = info.added;
            break;
        case StreamOptions::From::id:
            stream.place = options_.from_id;
            break;
    }
}

void RedisStreamSubscriber::report_loss(Stream& stream, const redis::StreamInfo& info) {
    std::optional<redis::StreamLoss> loss;
    redis::StreamId place = stream.place;
    if (options_.consumer) {
        const auto group = std::find_if(info.groups.begin(), info.groups.end(), [&](const auto& one) {
            return one.name == options_.consumer->group;
        });
        if (group == info.groups.end()) {
            return;  // the next reading is answered by NOGROUP
        }
        place = group->delivered;
        loss = redis::lost_after(info, place, group->read);
        // The group does not catch up with such a loss, so only its growth is reported.
        if (loss && loss->count) {
            const std::uint64_t before = std::exchange(stream.lost, std::max(stream.lost, *loss->count));
            loss = *loss->count > before ? std::optional(redis::StreamLoss{*loss->count - before})
                                         : std::nullopt;
        }
    } else {
        if (stream.until && place >= *stream.until) {
            return;
        }
        loss = redis::lost_after(info, place, stream.counted);
        if (loss && stream.until && info.first > stream.until) {
            loss->count.reset();  // later entries are among them, which are not wanted
        }
        if (loss) {  // everything that is there now comes after the place
            stream.counted = *info.added - std::min(*info.added, info.length);
        }
    }
    if (!loss || (!loss->count && std::exchange(stream.lost_some, true))) {
        return;
    }
    const std::string id = place.text();
    messages_.missing({.why = Missing::Why::trimmed, .channel = stream.key, .count = loss->count, .id = id});
}

void RedisStreamSubscriber::end(StreamReply reply) {
    switch (reply) {
        case StreamReply::number: {
            const Acknowledging done = acknowledging_.front();
            acknowledging_.pop_front();
            Stream& stream = state_->streams[done.stream];
            for (std::size_t i = 0; i < done.count; ++i) {
                stream.held.erase(stream.done.front());
                stream.done.pop_front();
            }
            sent_[done.stream] -= done.count;
            return;
        }
        case StreamReply::status:
            made_again(state_->streams[asked_of_[answers_]]);
            break;
        case StreamReply::read:
            if (entries_ > 0) {
                const std::uint64_t size = std::max<std::uint64_t>(1, bytes_ / entries_);
                read_count_ =
                    std::clamp<std::uint64_t>(bytes_at_once / size, 1, std::min(most_read, read_count_ * 8));
            } else if (options_.until_end) {
                ending_ = true;
                step_ = Step::check;
            }
            break;
        case StreamReply::claimed:
        case StreamReply::idle:
        case StreamReply::pending:
        case StreamReply::info:
            break;
    }
    finish_command();
}

void RedisStreamSubscriber::made_again(Stream& stream) {
    if (stream.known) {
        messages_.warn("the group '" + base::one_line(options_.consumer->group, 60) + "' of " +
                       key_name(stream.key) +
                       " was gone: it is made again, and begins with the oldest entry of the stream");
    }
}

void RedisStreamSubscriber::finish_command() {
    --asked_;
    if (answers_ < asked_of_.size()) {
        state_->streams[asked_of_[answers_++]].known = true;
    }
    ready_ = ready_ || asked_ == 0;
}

void RedisStreamSubscriber::error(StreamReply reply, std::string_view text) {
    if (reply == StreamReply::number || asked_ == 0 || !is_tolerated(reply, text)) {
        redis::throw_refusal((ready_ ? "receiving from " : "subscribing to ") + where_, text);
    }
    finish_command();
}

bool RedisStreamSubscriber::is_tolerated(StreamReply reply, std::string_view text) {
    if (reply == StreamReply::status) {
        // A user without the right to make groups may still read an existing one.
        may_make_groups_ = may_make_groups_ && !text.starts_with("NOPERM");
        return text.starts_with("BUSYGROUP") || text.starts_with("NOPERM");
    }
    if (reply == StreamReply::info && text.starts_with("ERR no such key")) {
        Stream& stream = state_->streams[asked_of_[answers_]];
        if (!stream.known) {
            stream.counted = 0;
        }
        if (options_.until_end && !stream.until) {
            stream.until = redis::StreamId{};
        }
        return true;
    }
    if (reply == StreamReply::info && ready_ && text.starts_with("NOPERM")) {
        may_check_ = false;
        return true;
    }
    if (options_.consumer && ready_ && may_make_groups_ &&
        (text.starts_with("NOGROUP") || text.starts_with("UNBLOCKED"))) {
        step_ = Step::prepare;
        last_page_ = true;
        page_.clear();
        return true;
    }
    return false;
}

}  // namespace hail::pubsub
