#include "lib/bulk/jobs.h"

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
constexpr base::Milliseconds show_every(
    50);  // while calls are under way: a reader waits no longer, a file costs little

bool is_success(int status) {
    return status >= 200 && status < 300;
}

std::string quoted_line(std::string_view body) {
    const std::string_view text = base::trim(body);
    return text.empty() ? std::string()
                        : "'" + base::one_line(text.substr(0, text.find_first_of("\r\n")), 80) + "'";
}

}  // namespace

Jobs::Jobs(base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
           const RunOptions& options)
    : stop_(stop),
      source_(source),
      sink_(sink),
      options_(options),
      chunk_limit_(options.chunk),
      window_(sink, options.order, 4 * options.parallel + 16),
      show_again_(base::Deadline::after(show_every)) {
    for (std::size_t tag = 0; tag < options.parallel; ++tag) {
        posts_.push_back(std::make_unique<Post>(model, options.max_reply, tag));
        idle_.push_back(tag);
    }
}

// --- reading and sending --------------------------------------------------------------------------------------------

Jobs::Reading Jobs::read() {
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

http::Next Jobs::next() {
    if (!again_.empty()) {
        const Work work = again_.front();
        if (work.due && !work.due->passed()) {
            return http::Next::wait(-1, *work.due);
        }
        again_.pop_front();
        return start(work);
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
                // Wrong input is refused before anything is sent, where that can be known.
                gathering_.reset();
                return http::Next::end();
            }
            return gathering_->size() > 0 ? start_read() : next();
    }
    // A chunk that is not full goes out only when nothing else is under way: as in Nagle's algorithm, a slow writer gets his
    // replies at once and a fast one full chunks.
    if (all_idle && gathering_->size() > 0) {
        return start_read();
    }
    sink_.pause();
    return http::Next::wait(source_.descriptor());
}

http::Next Jobs::start_read() {
    const auto chunk = window_.add(std::move(*gathering_));
    gathering_.reset();
    return start({.chunk = chunk,
                  .from = 0,
                  .to = chunk->size(),
                  .attempt = 1,
                  .due = {},
                  .last = base::Deadline::after(options_.retry_time)});
}

http::Next Jobs::start(const Work& work) {
    Post& post = *posts_[idle_.back()];
    idle_.pop_back();
    post.load(work, take_wire_ids(work.size()));
    ++summary_.posts;
    return http::Next::start(post.job);
}

std::uint32_t Jobs::take_wire_ids(std::size_t count) {
    if (count > rpc::max_wire_id - next_wire_id_) {
        next_wire_id_ = 1;
    }
    return std::exchange(next_wire_id_, next_wire_id_ + static_cast<std::uint32_t>(count));
}

// --- what came back -------------------------------------------------------------------------------------------------

void Jobs::done(http::Job& job, const http::Result& result) {
    Post& post = *posts_[job.tag];
    post.in_flight = false;
    idle_.push_back(job.tag);
    summary_.bytes_sent += result.request_bytes;
    summary_.bytes_received += result.reply_head_bytes + result.reply_body_bytes;
    if (result.head.status() == 0) {
        conclude(post.work, judge(result, {}), post.work.size());
    } else {
        match(post, result);
    }
    if (show_again_.passed()) {
        sink_.pause();
        show_again_ = base::Deadline::after(show_every);
    }
}

void Jobs::match(Post& post, const http::Result& result) {
    const Work work = post.work;
    const Exchange exchange = read_exchange(post, result);
    const rpc::BatchReply& reply = exchange.reply;
    const int status = result.head.status();
    if (reply.kind == rpc::BatchReply::Kind::refused) {
        conclude(work, judge_refusal(reply.refusal, status), allowed_by(reply.refusal, work.size()));
        return;
    }
    const bool answered = std::any_of(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
        return slot.state != rpc::Slot::State::missing;
    });
    const bool lone_error = work.size() == 1 && post.calls == 0 && reply.notification_errors > 0;
    const bool delivered =
        is_success(status) && !result.failure && reply.kind == rpc::BatchReply::Kind::matched;
    if (lone_error) {
        conclude(work, {Outcome::refused, Verdict::Then::settle, rpc::one_line(reply.unattributed)}, 1);
        return;
    }
    if (!answered && !delivered) {
        conclude(work, judge(result, why_missing(exchange, status)),
                 std::max<std::size_t>(1, work.size() / 2));
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
    window_.settle(work, slots_, why);
}

std::string Jobs::why_missing(const Exchange& exchange, int status) {
    const rpc::BatchReply& reply = exchange.reply;
    if (exchange.overflown) {
        return "the reply is larger than --max-reply";
    }
    if (!reply.unattributed.whole.empty()) {
        return rpc::one_line(reply.unattributed);
    }
    if (!is_success(status) && reply.kind == rpc::BatchReply::Kind::problem) {
        return quoted_line(exchange.text);
    }
    return reply.problem.empty() ? "no reply to it came" : reply.problem;
}

// The reply's text stays with the chunk; slots_ point into it.
Jobs::Exchange Jobs::read_exchange(Post& post, const http::Result& result) {
    const Work& work = post.work;
    std::string body = post.collector.take();
    if (base::is_event_stream(body)) {
        summary_.quirks.add(rpc::Quirk::event_stream);
        std::vector<std::string> others;
        body = rpc::replies_as_array(rpc::event_data(body), others);
    }
    slots_.assign(post.calls, rpc::Slot());
    const rpc::Sent sent{.first_id = post.first_wire_id,
                         .notifications = work.size() - post.calls,
                         .framing = work.size() > 1 ? rpc::Framing::array : rpc::Framing::single};
    const bool cut = result.failure || post.collector.overflown();
    Exchange exchange;
    exchange.overflown = post.collector.overflown();
    exchange.text = window_.keep(*work.chunk, std::move(body));
    exchange.reply = rpc::match_batch(exchange.text, cut ? rpc::Completeness::cut : rpc::Completeness::whole,
                                      sent, slots_);
    summary_.quirks.add(exchange.reply.quirks);
    summary_.strays += exchange.reply.strays;
    summary_.duplicates += exchange.reply.duplicates;
    return exchange;
}

void Jobs::conclude(const Work& work, const Verdict& verdict, std::size_t allowed) {
    switch (verdict.then) {
        case Verdict::Then::resend:
            if (resend(work)) {
                return;
            }
            stop_reading(verdict.why);
            break;
        case Verdict::Then::split:
            if (work.size() > 1) {
                split(work, std::min(allowed, work.size() - 1));
                return;
            }
            break;
        case Verdict::Then::stop:
            stop_reading(verdict.why);
            break;
        case Verdict::Then::settle:
            break;
    }
    window_.settle(work, verdict.outcome, verdict.why);
}

bool Jobs::resend(Work work) {
    const base::Milliseconds pause = base::backoff(work.attempt, base::random_number(), first_pause);
    const int left = work.last.poll_milliseconds();
    if (work.attempt > options_.retries || (left >= 0 && left < pause.count())) {
        return false;
    }
    work.due = base::Deadline::after(pause);
    ++work.attempt;
    ++summary_.resent;
    again_.push_back(work);
    return true;
}

void Jobs::split(const Work& work, std::size_t allowed) {
    ++summary_.splits;
    chunk_limit_ = std::min(chunk_limit_, allowed);
    std::vector<Work> parts;
    for (std::size_t from = work.from; from < work.to; from += allowed) {
        parts.push_back({.chunk = work.chunk,
                         .from = from,
                         .to = std::min(work.to, from + allowed),
                         .attempt = 1,
                         .due = {},
                         .last = base::Deadline::after(options_.retry_time)});
    }
    again_.insert(again_.begin(), parts.begin(), parts.end());
}

// --- ending ---------------------------------------------------------------------------------------------------------

void Jobs::stop_reading(const std::string& why) {
    if (reading_ || summary_.stopped_why.empty()) {
        summary_.stopped_why = why;
    }
    reading_ = false;
    settle_unsent("not tried, because of an earlier failure: " + why);
}

void Jobs::settle_unsent(const std::string& why) {
    if (gathering_ && gathering_->size() > 0) {
        const auto chunk = window_.add(std::move(*gathering_));
        window_.settle({.chunk = chunk, .from = 0, .to = chunk->size(), .attempt = 1, .due = {}},
                       Outcome::not_sent, why);
    }
    gathering_.reset();
    for (const Work& work : std::exchange(again_, {})) {
        window_.settle(work, Outcome::not_sent, why);
    }
}

Summary Jobs::finish() {
    if (stop_.raised() != 0) {
        summary_.stopped_why = "interrupted";
        settle_unsent("interrupted before it was sent");
    }
    for (const auto& post : posts_) {
        if (post->in_flight) {
            post->in_flight = false;
            window_.settle(post->work, Outcome::unknown, "interrupted while it was under way");
        }
    }
    window_.add_counts(summary_);
    summary_.chunk = chunk_limit_;
    summary_.ok -= std::min(summary_.ok, summary_.notification_errors);  // which of them it was is not known
    return summary_;
}

}  // namespace hail::bulk
