// RedisStreamSubscriber: the pending entries, its own and those that other consumers have kept for too long.
//
// Shape:   a page of ids, how often each was delivered, then the entries. An entry that XCLAIM does not
//          return was deleted if it was pending for this consumer at that moment; else another consumer has
//          claimed it, or has even acknowledged it.

#include <algorithm>
#include <utility>

#include "lib/pubsub/redis_stream_subscriber.h"

namespace hail::pubsub {

namespace {

using base::Deadline;
using base::Milliseconds;
using redis::StreamReply;

constexpr std::uint64_t page_size = 100;
constexpr Milliseconds between_claims(30'000);  // at most

}  // namespace

// Asks for a page of what is pending, in one stream after the other.
void RedisStreamSubscriber::begin_pass(Step step) {
    pass_ = step;
    page_.clear();
    claimed_.clear();
    ours_.clear();
    if (at_ == state_->streams.size()) {
        at_ = 0;
        if (step == Step::claim) {
            claim_due_ = Deadline::after(
                std::clamp(options_.claim_after / 2, Milliseconds(100), Milliseconds(between_claims)));
        }
        step_ = Step::read;
        return;
    }
    const std::string& key = state_->streams[at_].key;
    if (step == Step::own) {
        send(StreamReply::pending,
             redis::xpending_after(key, *options_.consumer, cursor_, wanted_count(page_size)));
        step_ = Step::fetch;
    } else {
        send(StreamReply::idle, redis::xautoclaim(key, *options_.consumer, options_.claim_after,
                                                  claim_cursor_, wanted_count(page_size)));
        step_ = Step::look_up;
    }
}

void RedisStreamSubscriber::look_up() {
    const Stream& stream = state_->streams[at_];
    for (const redis::StreamId& id : claimed_) {
        if (!stream.held.contains(id)) {  // else it is our own, and being handled
            send(StreamReply::pending, redis::xpending_one(stream.key, options_.consumer->group, id));
        }
    }
    step_ = Step::fetch;
}

void RedisStreamSubscriber::fetch() {
    Stream& stream = state_->streams[at_];
    if (pass_ == Step::own) {
        last_page_ = page_.empty();
        cursor_ = page_.empty() ? cursor_ : page_.back().id;
    }
    std::erase_if(page_, [&](const redis::PendingEntry& entry) {
        return stream.held.contains(entry.id) || entry.consumer != options_.consumer->name;
    });
    std::erase_if(page_, [&](const redis::PendingEntry& entry) {
        const bool too_often = options_.most_deliveries > 0 && entry.deliveries >= options_.most_deliveries;
        if (too_often) {
            give_up(stream, entry);
        }
        return too_often;
    });
    // Sent together, so that the server answers these and XCLAIM without serving anybody else in between.
    std::vector<redis::StreamId> ids;
    for (const redis::PendingEntry& entry : page_) {
        ids.push_back(entry.id);
        send(StreamReply::pending, redis::xpending_one(stream.key, options_.consumer->group, entry.id));
    }
    if (!ids.empty()) {
        send(StreamReply::claimed, redis::xclaim(stream.key, *options_.consumer, ids));
    }
    step_ = Step::turn_page;
}

void RedisStreamSubscriber::turn_page() {
    Stream& stream = state_->streams[at_];
    for (const redis::PendingEntry& entry : page_) {
        if (ours_.contains(entry.id)) {        // else another consumer has taken it over
            report_deleted(stream, entry.id);  // a server before Redis 7 still keeps it as pending
        }
    }
    if (last_page_) {
        ++at_;
        cursor_ = {};
        claim_cursor_ = "0-0";
    }
    step_ = pass_;
}

void RedisStreamSubscriber::pending(const redis::PendingEntry& entry) {
    if (step_ != Step::turn_page) {
        page_.push_back(entry);
    } else if (entry.consumer == options_.consumer->name) {
        ours_.insert(entry.id);
    }
}

void RedisStreamSubscriber::idle(std::string_view cursor, std::vector<redis::StreamId> ids,
                                 std::vector<redis::StreamId> deleted) {
    claim_cursor_ = cursor;
    claimed_ = std::move(ids);
    last_page_ = redis::parse_stream_id(cursor) == redis::StreamId{};
    for (const redis::StreamId& id : deleted) {
        if (!state_->streams[at_].held.contains(id)) {  // else it was delivered in time
            report_deleted(state_->streams[at_], id);
        }
    }
}

void RedisStreamSubscriber::give_up(Stream& stream, const redis::PendingEntry& entry) {
    const std::string id = entry.id.text();
    messages_.missing(
        {.why = Missing::Why::given_up, .channel = stream.key, .id = id, .deliveries = entry.deliveries});
    stream.done.push_back(entry.id);
}

void RedisStreamSubscriber::report_deleted(Stream& stream, const redis::StreamId& id) {
    const std::string text = id.text();
    messages_.missing({.why = Missing::Why::deleted, .channel = stream.key, .id = text});
    stream.done.push_back(id);
}

}  // namespace hail::pubsub
