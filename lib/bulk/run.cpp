#include "lib/bulk/run.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "lib/base/event_stream.h"
#include "lib/base/text.h"
#include "lib/bulk/evidence.h"
#include "lib/bulk/post.h"
#include "lib/rpc/batch_match.h"
#include "lib/rpc/event_stream.h"

namespace hail::bulk {

namespace {

constexpr std::size_t held_bytes_at_most = 12 * 1024 * 1024;
constexpr base::Milliseconds first_pause(100);

bool is_success(int status) {
    return status >= 200 && status < 300;
}

std::string quoted_line(std::string_view body) {
    const std::string_view text = base::trim(body);
    return text.empty() ? std::string()
                        : "'" + base::one_line(text.substr(0, text.find_first_of("\r\n")), 80) + "'";
}

class Run : public http::Jobs {
  public:
    Run(base::Stop& stop, const http::Request& model, Source& source, Sink& sink, const RunOptions& options)
        : stop_(stop), source_(source), sink_(sink), options_(options), chunk_limit_(options.chunk) {
        for (std::size_t tag = 0; tag < options.parallel; ++tag) {
            posts_.push_back(std::make_unique<Post>(model, options.max_reply, tag));
            idle_.push_back(tag);
        }
    }

    http::Next next() override;
    void done(http::Job& job, const http::Result& result) override;

    // After the engine has ended, for whatever reason: what is left was not sent, or is unknown.
    Summary finish();

  private:
    enum class Reading { more, wait, over };

    Reading read();
    http::Next start(const Work& work);
    http::Next start_read();
    bool window_is_full() const;

    struct Exchange {
        std::string_view text;
        rpc::BatchReply reply;
        bool overflown = false;
    };

    void match(Post& post, const http::Result& result);
    Exchange read_exchange(Post& post, const http::Result& result);
    static std::string why_missing(const Exchange& exchange, int status);
    void conclude(const Work& work, const Verdict& verdict, std::size_t allowed);
    void resend(Work work);
    void split(const Work& work, std::size_t allowed);
    void stop_reading(const std::string& why);
    void settle_unsent(const std::string& why);

    std::string_view keep(Chunk& chunk, std::string text);
    void leave(Chunks::iterator chunk);
    void emit(const Chunk& chunk);
    void count(const Answer& answer);
    std::uint32_t take_wire_ids(std::size_t count);

    base::Stop& stop_;
    Source& source_;
    Sink& sink_;
    RunOptions options_;
    Summary summary_;

    std::size_t chunk_limit_;
    bool reading_ = true;
    std::uint32_t next_wire_id_ = 1;
    std::size_t held_bytes_ = 0;
    Chunks open_;                     // in input order, from the first that has not left yet
    std::optional<Chunk> gathering_;  // not sent yet
    std::deque<Work> again_;
    std::vector<std::unique_ptr<Post>> posts_;
    std::vector<std::size_t> idle_;
    std::vector<rpc::Slot> slots_;
};

// --- reading and sending --------------------------------------------------------------------------------------------

bool Run::window_is_full() const {
    const std::size_t chunks_at_most = 4 * posts_.size() + 16;
    return open_.size() >= chunks_at_most ||
           (held_bytes_ >= held_bytes_at_most && idle_.size() < posts_.size());
}

Run::Reading Run::read() {
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

http::Next Run::next() {
    if (!again_.empty()) {
        const Work work = again_.front();
        if (work.due && !work.due->passed()) {
            return http::Next::wait(-1, *work.due);
        }
        again_.pop_front();
        return start(work);
    }
    const bool all_idle = idle_.size() == posts_.size();
    if (!reading_) {
        return all_idle ? http::Next::end() : http::Next::wait();
    }
    if (window_is_full()) {
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
                gathering_
                    .reset();  // wrong input is refused before anything is sent, where that can be known
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

http::Next Run::start_read() {
    held_bytes_ += gathering_->bytes();
    const auto chunk = open_.insert(open_.end(), std::move(*gathering_));
    gathering_.reset();
    return start({.chunk = chunk, .from = 0, .to = chunk->size(), .attempt = 1, .due = {}});
}

http::Next Run::start(const Work& work) {
    Post& post = *posts_[idle_.back()];
    idle_.pop_back();
    post.load(work, take_wire_ids(work.size()));
    ++summary_.posts;
    return http::Next::start(post.job);
}

std::uint32_t Run::take_wire_ids(std::size_t count) {
    if (count > rpc::max_wire_id - next_wire_id_) {
        next_wire_id_ = 1;
    }
    return std::exchange(next_wire_id_, next_wire_id_ + static_cast<std::uint32_t>(count));
}

// --- what came back -------------------------------------------------------------------------------------------------

void Run::done(http::Job& job, const http::Result& result) {
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
}

void Run::match(Post& post, const http::Result& result) {
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
    std::string_view why;
    if (!complete) {
        why = keep(*work.chunk, result.failure ? result.failure->why : why_missing(exchange, status));
    }
    work.chunk->settle(work.from, work.to, slots_, why);
    leave(work.chunk);
}

std::string Run::why_missing(const Exchange& exchange, int status) {
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
Run::Exchange Run::read_exchange(Post& post, const http::Result& result) {
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
    exchange.text = keep(*work.chunk, std::move(body));
    exchange.reply = rpc::match_batch(exchange.text, cut ? rpc::Completeness::cut : rpc::Completeness::whole,
                                      sent, slots_);
    summary_.quirks.add(exchange.reply.quirks);
    summary_.strays += exchange.reply.strays;
    summary_.duplicates += exchange.reply.duplicates;
    return exchange;
}

void Run::conclude(const Work& work, const Verdict& verdict, std::size_t allowed) {
    switch (verdict.then) {
        case Verdict::Then::resend:
            if (work.attempt < options_.attempts) {
                resend(work);
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
    Chunk& chunk = *work.chunk;
    chunk.settle(work.from, work.to, verdict.outcome, keep(chunk, verdict.why));
    leave(work.chunk);
}

void Run::resend(Work work) {
    work.due = base::Deadline::after(first_pause * (1U << (work.attempt - 1)));
    ++work.attempt;
    ++summary_.resent;
    again_.push_back(work);
}

void Run::split(const Work& work, std::size_t allowed) {
    ++summary_.splits;
    chunk_limit_ = std::min(chunk_limit_, allowed);
    std::vector<Work> parts;
    for (std::size_t from = work.from; from < work.to; from += allowed) {
        parts.push_back({.chunk = work.chunk,
                         .from = from,
                         .to = std::min(work.to, from + allowed),
                         .attempt = 1,
                         .due = {}});
    }
    again_.insert(again_.begin(), parts.begin(), parts.end());
}

// --- ending ---------------------------------------------------------------------------------------------------------

void Run::stop_reading(const std::string& why) {
    if (reading_ || summary_.stopped_why.empty()) {
        summary_.stopped_why = why;
    }
    reading_ = false;
    settle_unsent("not tried, because of an earlier failure: " + why);
}

void Run::settle_unsent(const std::string& why) {
    if (gathering_ && gathering_->size() > 0) {
        held_bytes_ += gathering_->bytes();
        open_.push_back(std::move(*gathering_));
        const auto chunk = std::prev(open_.end());
        chunk->settle(0, chunk->size(), Outcome::not_sent, keep(*chunk, why));
        leave(chunk);
    }
    gathering_.reset();
    for (const Work& work : std::exchange(again_, {})) {
        work.chunk->settle(work.from, work.to, Outcome::not_sent, keep(*work.chunk, why));
        leave(work.chunk);
    }
}

Summary Run::finish() {
    if (stop_.raised() != 0) {
        summary_.stopped_why = "interrupted";
        settle_unsent("interrupted before it was sent");
    }
    for (const auto& post : posts_) {
        if (post->in_flight) {
            post->in_flight = false;
            post->work.chunk->settle(post->work.from, post->work.to, Outcome::unknown,
                                     "interrupted while it was under way");
            leave(post->work.chunk);
        }
    }
    summary_.chunk = chunk_limit_;
    summary_.ok -= std::min(summary_.ok, summary_.notification_errors);  // which of them it was is not known
    return summary_;
}

// --- leaving --------------------------------------------------------------------------------------------------------

std::string_view Run::keep(Chunk& chunk, std::string text) {
    held_bytes_ += text.size();
    return chunk.keep(std::move(text));
}

void Run::leave(Chunks::iterator chunk) {
    if (!chunk->finished()) {
        return;
    }
    if (options_.order == Order::done) {
        emit(*chunk);
        open_.erase(chunk);
        return;
    }
    while (!open_.empty() && open_.front().finished()) {
        emit(open_.front());
        open_.pop_front();
    }
}

void Run::emit(const Chunk& chunk) {
    for (const std::uint32_t position : chunk.positions(options_.order)) {
        const Answer answer = chunk.answer(position);
        count(answer);
        sink_.take(answer);
    }
    held_bytes_ -= chunk.held_bytes();
}

void Run::count(const Answer& answer) {
    switch (answer.outcome) {
        case Outcome::ok:
            ++summary_.ok;
            break;
        case Outcome::error:
            ++summary_.errors;
            break;
        case Outcome::not_sent:
            ++summary_.not_sent;
            break;
        case Outcome::refused:
            ++summary_.refused;
            break;
        case Outcome::open:
        case Outcome::unknown:
            ++summary_.unknown;
            break;
    }
}

}  // namespace

Summary run(http::Engine& engine, base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
            const RunOptions& options) {
    Run run(stop, model, source, sink, options);
    engine.run(run);
    return run.finish();
}

}  // namespace hail::bulk
