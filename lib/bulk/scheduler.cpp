#include "lib/bulk/scheduler.h"

#include <algorithm>
#include <utility>

#include "lib/base/backoff.h"
#include "lib/base/event_stream.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/rpc/batch_match.h"
#include "lib/rpc/event_stream.h"

namespace hail::bulk {

namespace {

constexpr base::Milliseconds first_pause(100);
// While calls are in flight: a reader waits no longer than this, and a file costs little.
constexpr base::Milliseconds flush_interval(50);

bool is_success(int status) {
    return status >= 200 && status < 300;
}

std::string quoted_line(std::string_view body) {
    const std::string_view text = base::trim(body);
    return text.empty() ? std::string()
                        : "'" + base::one_line(text.substr(0, text.find_first_of("\r\n")), 80) + "'";
}

}  // namespace

Scheduler::Scheduler(base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
                     const RunOptions& options)
    : stop_(stop),
      source_(source),
      sink_(sink),
      options_(options),
      chunk_limit_(options.chunk),
      window_(sink, options.order, 4 * options.parallel + 16),
      next_flush_(base::Deadline::after(flush_interval)) {
    for (std::size_t tag = 0; tag < options.parallel; ++tag) {
        post_slots_.push_back(std::make_unique<PostSlot>(model, options.max_reply, tag));
        free_slots_.push_back(tag);
    }
}

// --- reading and sending ---

Scheduler::Reading Scheduler::read() {
    if (!gathering_) {
        gathering_.emplace(summary_.items);
    }
    while (gathering_->size() < chunk_limit_ && gathering_->bytes() < options_.chunk_bytes) {
        Source::Item item;
        switch (source_.next(item)) {
            case Source::Next::item:
                gathering_->add(item.request, item.line);
                summary_.last_line = item.line;
                ++summary_.items;
                summary_.notifications += item.request.is_notification() ? 1U : 0U;
                break;
            case Source::Next::wait:
                return Reading::wait;
            case Source::Next::bad:
                summary_.bad_input = true;
                return Reading::over;
            case Source::Next::end:
                return Reading::over;
        }
    }
    return Reading::more;
}

http::Next Scheduler::next() {
    if (!queue_.empty()) {
        const Range range = queue_.front();
        if (range.due && !range.due->passed()) {
            return http::Next::wait(-1, *range.due);
        }
        queue_.pop_front();
        return start(range);
    }
    const bool all_idle = in_flight() == 0;
    if (!reading_) {
        return all_idle ? http::Next::end() : http::Next::wait();
    }
    if (!window_.has_room(in_flight())) {
        return http::Next::wait();
    }
    switch (read()) {
        case Reading::more:
            return start_read();
        case Reading::wait:
            break;
        case Reading::over:
            reading_ = false;
            if (summary_.bad_input && summary_.posts == 0) {
                // Wrong input is refused before anything is sent, if it is found in time.
                gathering_.reset();
                return http::Next::end();
            }
            return gathering_->size() > 0 ? start_read() : next();
    }
    // A chunk that is not full is sent only if nothing else is in flight: as in Nagle's algorithm, a slow
    // writer gets its replies at once, and a fast one gets full chunks.
    if (all_idle && gathering_->size() > 0) {
        return start_read();
    }
    sink_.pause();
    return http::Next::wait(source_.descriptor());
}

http::Next Scheduler::start_read() {
    const auto chunk = window_.add(std::move(*gathering_));
    gathering_.reset();
    return start({.chunk = chunk,
                  .from = 0,
                  .to = chunk->size(),
                  .attempt = 1,
                  .due = {},
                  .last = base::Deadline::after(options_.retry_time)});
}

http::Next Scheduler::start(const Range& range) {
    PostSlot& post = *post_slots_[free_slots_.back()];
    free_slots_.pop_back();
    post.load(range, take_wire_ids(range.size()));
    ++summary_.posts;
    return http::Next::start(post.job);
}

std::uint32_t Scheduler::take_wire_ids(std::size_t count) {
    if (count > rpc::max_wire_id - next_wire_id_) {
        next_wire_id_ = 1;
    }
    return std::exchange(next_wire_id_, next_wire_id_ + static_cast<std::uint32_t>(count));
}

// --- reading the replies ---

void Scheduler::done(http::Job& job, const http::Result& result) {
    PostSlot& post = *post_slots_[job.tag];
    post.in_flight = false;
    free_slots_.push_back(job.tag);
    summary_.bytes_sent += result.request_bytes;
    summary_.bytes_received += result.reply_head_bytes + result.reply_body_bytes;
    if (result.head.status() == 0) {
        apply(post.range, classify(result, {}), post.range.size());
    } else {
        match(post, result);
    }
    if (next_flush_.passed()) {
        sink_.pause();
        next_flush_ = base::Deadline::after(flush_interval);
    }
}

void Scheduler::match(PostSlot& post, const http::Result& result) {
    const Range range = post.range;
    const Exchange exchange = read_exchange(post, result);
    const rpc::BatchReply& reply = exchange.reply;
    const int status = result.head.status();
    if (reply.kind == rpc::BatchReply::Kind::refused) {
        apply(range, classify_refusal(reply.refusal, status), allowed_by(reply.refusal, range.size()));
        return;
    }
    const bool answered = std::any_of(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
        return slot.state != rpc::Slot::State::missing;
    });
    const bool lone_error = range.size() == 1 && post.calls == 0 && reply.notification_errors > 0;
    const bool delivered =
        is_success(status) && !result.failure && reply.kind == rpc::BatchReply::Kind::matched;
    if (lone_error) {
        apply(range, {Outcome::refused, Decision::Then::settle, rpc::one_line(reply.unattributed)}, 1);
        return;
    }
    if (!answered && !delivered) {
        apply(range, classify(result, why_missing(exchange, status)),
              std::max<std::size_t>(1, range.size() / 2));
        return;
    }
    summary_.notification_errors += reply.notification_errors;
    const bool complete = std::none_of(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
        return slot.state == rpc::Slot::State::missing;
    });
    std::string why;
    if (!complete) {
        why = result.failure ? result.failure->why : why_missing(exchange, status);
    }
    window_.settle(range, slots_, why);
}

std::string Scheduler::why_missing(const Exchange& exchange, int status) {
    const rpc::BatchReply& reply = exchange.reply;
    if (exchange.overflowed) {
        return "the reply is larger than --max-reply";
    }
    if (!reply.unattributed.whole.empty()) {
        return rpc::one_line(reply.unattributed);
    }
    if (!is_success(status) && reply.kind == rpc::BatchReply::Kind::problem) {
        return quoted_line(exchange.text);
    }
    return reply.problem.empty() ? "it got no reply" : reply.problem;
}

// The reply's text stays with the chunk; slots_ point into it.
Scheduler::Exchange Scheduler::read_exchange(PostSlot& post, const http::Result& result) {
    const Range& range = post.range;
    std::string body = post.collector.take_body();
    if (base::is_event_stream(body)) {
        summary_.quirks.add(rpc::Quirk::event_stream);
        std::vector<std::string> others;
        body = rpc::replies_as_array(rpc::event_data(body), others);
    }
    slots_.assign(post.calls, rpc::Slot());
    const rpc::SentBatch sent{.first_id = post.first_wire_id,
                              .notifications = range.size() - post.calls,
                              .framing = range.size() > 1 ? rpc::Framing::array : rpc::Framing::single};
    const bool cut = result.failure || post.collector.overflowed();
    Exchange exchange;
    exchange.overflowed = post.collector.overflowed();
    exchange.text = window_.keep(*range.chunk, std::move(body));
    exchange.reply = rpc::match_batch(exchange.text, cut ? rpc::Completeness::cut : rpc::Completeness::whole,
                                      sent, slots_);
    summary_.quirks.add(exchange.reply.quirks);
    summary_.strays += exchange.reply.strays;
    summary_.duplicates += exchange.reply.duplicates;
    return exchange;
}

void Scheduler::apply(const Range& range, const Decision& decision, std::size_t allowed) {
    switch (decision.then) {
        case Decision::Then::resend:
            if (resend(range)) {
                return;
            }
            stop_reading(decision.why);
            break;
        case Decision::Then::split:
            if (range.size() > 1) {
                split(range, std::min(allowed, range.size() - 1));
                return;
            }
            break;
        case Decision::Then::stop:
            stop_reading(decision.why);
            break;
        case Decision::Then::settle:
            break;
    }
    window_.settle(range, decision.outcome, decision.why);
}

bool Scheduler::resend(Range range) {
    const base::Milliseconds pause = base::backoff(range.attempt, base::random_number(), first_pause);
    const int left = range.last.poll_milliseconds();
    if (range.attempt > options_.retries || (left >= 0 && left < pause.count())) {
        return false;
    }
    range.due = base::Deadline::after(pause);
    ++range.attempt;
    ++summary_.resent;
    queue_.push_back(range);
    return true;
}

void Scheduler::split(const Range& range, std::size_t allowed) {
    ++summary_.splits;
    chunk_limit_ = std::min(chunk_limit_, allowed);
    std::vector<Range> parts;
    for (std::size_t from = range.from; from < range.to; from += allowed) {
        parts.push_back({.chunk = range.chunk,
                         .from = from,
                         .to = std::min(range.to, from + allowed),
                         .attempt = 1,
                         .due = {},
                         .last = base::Deadline::after(options_.retry_time)});
    }
    queue_.insert(queue_.begin(), parts.begin(), parts.end());
}

// --- ending ---

void Scheduler::stop_reading(const std::string& why) {
    if (reading_ || summary_.stopped_why.empty()) {
        summary_.stopped_why = why;
    }
    reading_ = false;
    settle_unsent("not sent because of an earlier failure: " + why);
}

void Scheduler::settle_unsent(const std::string& why) {
    if (gathering_ && gathering_->size() > 0) {
        const auto chunk = window_.add(std::move(*gathering_));
        window_.settle({.chunk = chunk, .from = 0, .to = chunk->size(), .attempt = 1, .due = {}},
                       Outcome::not_sent, why);
    }
    gathering_.reset();
    for (const Range& range : std::exchange(queue_, {})) {
        window_.settle(range, Outcome::not_sent, why);
    }
}

Summary Scheduler::finish() {
    if (stop_.raised() != 0) {
        summary_.stopped_why = "interrupted";
        settle_unsent("interrupted before it was sent");
    }
    for (const auto& post : post_slots_) {
        if (post->in_flight) {
            post->in_flight = false;
            window_.settle(post->range, Outcome::unknown, "interrupted while it was in flight");
        }
    }
    window_.add_counts(summary_);
    summary_.chunk = chunk_limit_;
    summary_.ok -= std::min(summary_.ok, summary_.notification_errors);  // it is not known which ones
    return summary_;
}

}  // namespace hail::bulk
