// The part of the scheduler that acts on verdicts.

#include <algorithm>
#include <memory>
#include <utility>

#include "lib/base/backoff.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/bulk/scheduler.h"

namespace hail::bulk {

namespace {

constexpr base::Milliseconds first_pause(100);

// Whether the record did not run, or may run twice.
bool may_run_again(const Finding& finding, const Chunk& chunk, std::size_t position) {
    return finding.then == Then::resend ||
           (finding.outcome == Outcome::unknown && chunk.record(position).idempotent);
}

}  // namespace

void Scheduler::done(std::size_t slot, const Verdict& verdict) {
    Shipment shipment = std::move(*slots_[slot].shipment);
    slots_[slot].shipment.reset();
    free_slots_.push_back(slot);
    const auto took = Clock::now() - slots_[slot].sent;
    latency_.add(std::chrono::duration_cast<Latency::Microseconds>(took));
    learn(shipment, verdict);
    if (verdict.each.empty()) {
        apply(shipment, verdict);
    } else {
        settle_each(shipment, verdict.each, verdict.too_fast);
    }
    window_.finish(shipment.chunk);
    check_failures();
    if (next_flush_.passed()) {
        sink_.pause();
        next_flush_ = base::Deadline::after(options_.flush_interval);
    }
}

void Scheduler::learn(const Shipment& shipment, const Verdict& verdict) {
    if (verdict.accepts > 0) {
        cap_.lower(verdict.accepts);
    }
    if (verdict.peer == Verdict::Peer::works) {
        cap_.accepted(shipment.size());
        pacer_.accepted(shipment.size());
    }
    if (shipment.split) {
        learn_from_split(*shipment.split, verdict.peer);
    }
    const bool again = verdict.peer == Verdict::Peer::strange && will_repeat(shipment, verdict);
    if (!trust_.survives(again ? Verdict::Peer::silent : verdict.peer)) {
        stop_reading(verdict.all);
    }
    if (verdict.too_fast) {
        ++summary_.slowdowns;
        if (!pacer_.refused(verdict.wait, base::random_number())) {
            Decision decision = verdict.all;
            decision.why += "; it asks for a pause of " + base::format_duration(*verdict.wait);
            stop_reading(decision);
        }
    }
}

// Whether all of it is unknown and may run twice: it is sent again before the peer is given up.
bool Scheduler::will_repeat(const Shipment& shipment, const Verdict& verdict) const {
    bool repeats = verdict.each.empty() && verdict.all.outcome == Outcome::unknown &&
                   may_resend(shipment, shipment.size(), verdict.too_fast);
    for (std::size_t place = 0; repeats && place < shipment.size(); ++place) {
        repeats = shipment.record(place).idempotent;
    }
    return repeats;
}

// A shipment that was refused although its parts are accepted was too large.
void Scheduler::learn_from_split(Split& split, Verdict::Peer peer) {
    split.refused = split.refused || peer != Verdict::Peer::works;
    if (--split.parts == 0 && !split.refused) {
        cap_.lower(split.size);
    }
}

void Scheduler::apply(Shipment& shipment, const Verdict& verdict) {
    const Decision& decision = verdict.all;
    if (decision.then == Then::resend || decision.then == Then::alone) {
        if (may_resend(shipment, shipment.size(), verdict.too_fast)) {
            note_left(shipment);
            resend(std::move(shipment), verdict.too_fast);
            return;
        }
        stop_reading(decision);
    } else if (decision.then == Then::split && shipment.size() > 1 && !stopped_) {
        note_left(shipment);
        split(shipment, verdict.accepts);
        return;
    } else if (decision.then == Then::stop) {
        stop_reading(decision);
    }
    const Finding finding{
        .outcome = decision.outcome,
        .why = decision.why.empty() ? std::string_view() : window_.keep(*shipment.chunk, decision.why)};
    const std::vector<Finding> each(shipment.size(), finding);
    settle_each(shipment, each, false);
}

void Scheduler::settle_each(const Shipment& shipment, std::span<const Finding> each, bool too_fast) {
    Shipment again{.chunk = shipment.chunk, .attempt = shipment.attempt, .last = shipment.last};
    const bool may_again = may_resend(shipment, 1, too_fast);
    std::size_t arrivals = 0;
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        const Finding& finding = each[place];
        const std::size_t position = shipment.position(place);
        arrivals += finding.arrival > 0 ? 1 : 0;
        if (finding.then == Then::alone && shipment.size() > 1 && !stopped_) {
            send_alone(shipment, position);
        } else if (may_again && may_run_again(finding, *shipment.chunk, position)) {
            if (finding.then == Then::resend) {
                note_left(shipment.part(place, place + 1));
            } else {
                shipment.chunk->note_may_have_run(position);
            }
            again.picked.push_back(static_cast<std::uint32_t>(position));
        } else {
            settle(*shipment.chunk, position, finding);
        }
    }
    shipment.chunk->pass_arrivals(arrivals);
    if (!again.picked.empty()) {
        resend(std::move(again), too_fast);
    }
}

void Scheduler::send_alone(const Shipment& shipment, std::size_t position) {
    Shipment alone{.chunk = shipment.chunk, .last = shipment.last};
    alone.picked.push_back(static_cast<std::uint32_t>(position));
    note_left(alone);
    ++summary_.resent;
    queue_.push_back(std::move(alone));
}

void Scheduler::settle(Chunk& chunk, std::size_t position, const Finding& finding) {
    const bool did_not_run = finding.outcome == Outcome::not_sent || finding.outcome == Outcome::refused;
    Finding final = finding;
    if (did_not_run && chunk.may_have_run(position)) {
        final.outcome = Outcome::unknown;
        final.why = window_.keep(
            chunk, "an earlier attempt may have been executed; the last one: " + std::string(finding.why));
    }
    chunk.settle(position, final);
    // A run that is continued may send it again: in the journal it stays in flight.
    const bool may_run_twice =
        final.outcome == Outcome::unknown && options_.journal != nullptr && chunk.record(position).idempotent;
    if ((did_not_run || may_run_twice) && (stopped_ || stop_.raised() != 0)) {
        chunk.leave(position);
        if (did_not_run && options_.journal != nullptr && !chunk.may_have_run(position)) {
            options_.journal->did_not_run(chunk.index(position), chunk.index(position));
        }
    }
    ++settled_;
    failed_ += finding.outcome == Outcome::ok ? 0U : 1U;
}

void Scheduler::settle_open(const Shipment& shipment, Outcome outcome, std::string why) {
    const std::string_view kept = window_.keep(*shipment.chunk, std::move(why));
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        if (shipment.chunk->is_open(shipment.position(place))) {
            settle(*shipment.chunk, shipment.position(place), {.outcome = outcome, .why = kept});
        }
    }
    window_.finish(shipment.chunk);
}

// Retries are bounded for each shipment, and for all of them together: at most a fifth of the records that
// were settled, beyond a number that a slow start may need.
bool Scheduler::may_resend(const Shipment& shipment, std::size_t records, bool too_fast) const {
    constexpr std::uint64_t most_when_too_fast = 10;
    const std::uint64_t most =
        too_fast && options_.retries > 0 ? std::max(options_.retries, most_when_too_fast) : options_.retries;
    const std::uint64_t budget = 100 * options_.chunk + settled_ / 5;
    return !stopped_ && shipment.attempt <= most && summary_.resent + records <= budget &&
           !shipment.last.passed();
}

// For the journal: these did not run, although it says that they were sent.
void Scheduler::note_left(const Shipment& shipment) {
    if (options_.journal == nullptr) {
        return;
    }
    Shipment left{.chunk = shipment.chunk};
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        if (const std::size_t position = shipment.position(place); !shipment.chunk->may_have_run(position)) {
            left.picked.push_back(static_cast<std::uint32_t>(position));
        }
    }
    left.each_row(
        [this](std::uint64_t first, std::uint64_t last) { options_.journal->did_not_run(first, last); });
}

void Scheduler::resend(Shipment shipment, bool too_fast) {
    if (!too_fast) {  // otherwise the pacer holds it back
        shipment.due =
            base::Deadline::after(base::backoff(shipment.attempt, base::random_number(), first_pause));
    }
    summary_.resent += shipment.size();
    ++shipment.attempt;
    shipment.split.reset();
    queue_.push_back(std::move(shipment));
}

// Into parts of the size that the peer accepts, or into halves if it did not say.
void Scheduler::split(const Shipment& shipment, std::size_t accepts) {
    ++summary_.splits;
    const std::size_t half = (shipment.size() + 1) / 2;
    const std::size_t most = std::max<std::size_t>(shipment.size() - 1, 1);
    const std::size_t size = accepts > 0 ? std::min(accepts, most) : half;
    const std::size_t count = (shipment.size() + size - 1) / size;
    const auto group = accepts > 0 ? nullptr : std::make_shared<Split>(Split{.parts = count, .size = size});
    for (std::size_t end = shipment.size(); end > 0;) {
        const std::size_t begin = (end - 1) / size * size;
        Shipment part = shipment.part(begin, end);
        part.split = group;
        queue_.push_front(std::move(part));
        end = begin;
    }
}

void Scheduler::check_failures() {
    constexpr std::uint64_t enough_for_a_share = 100;
    if (!reading_ && queue_.empty()) {
        return;  // nothing is left to spare
    }
    const FailureLimit& limit = options_.failures;
    const bool too_many = limit.count && failed_ > *limit.count;
    const bool too_large_a_share =
        limit.percent && settled_ >= enough_for_a_share &&
        static_cast<double>(failed_) * 100 > *limit.percent * static_cast<double>(settled_);
    if (too_many || too_large_a_share) {
        stop_reading({.why = std::to_string(failed_) + " of " + std::to_string(settled_) + " calls failed",
                      .exit = base::Exit::ok,
                      .hint = {}});
    }
}

}  // namespace hail::bulk
