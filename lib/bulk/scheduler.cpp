#include "lib/bulk/scheduler.h"

#include <algorithm>
#include <utility>

namespace hail::bulk {

Scheduler::Scheduler(base::Stop& stop, Source& source, Sink& sink, const RunOptions& options)
    : stop_(stop),
      source_(source),
      sink_(sink),
      options_(options),
      cap_(options.most_at_once()),
      pacer_(options.rate, options.adapts_rate, options.most_at_once()),
      trust_(options.parallel),
      window_(sink, options.order, 4 * options.parallel + 16),
      next_flush_(base::Deadline::after(options.flush_interval)),
      slots_(options.parallel) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        free_slots_.push_back(slot);
    }
}

std::string_view Scheduler::keep(std::size_t slot, std::string text) {
    return window_.keep(*slots_[slot].shipment->chunk, std::move(text));
}

// --- reading and sending ---

Scheduler::Reading Scheduler::read() {
    if (!gathering_) {
        gathering_.emplace(window_.spare());
    }
    while (gathering_->size() < cap_.limit() && gathering_->bytes() < options_.chunk_bytes) {
        if (stop_.raised() != 0) {
            return Reading::wait;
        }
        Record record;
        switch (source_.next(record)) {
            case Source::Next::record:
                take(record);
                break;
            case Source::Next::wait:
                return Reading::wait;
            case Source::Next::end:
                if (options_.journal != nullptr) {
                    options_.journal->end_of_input();
                }
                return Reading::over;
        }
    }
    return Reading::more;
}

void Scheduler::take(Record& record) {
    const std::uint64_t index = summary_.items++;
    summary_.last_line = record.line;
    summary_.notifications += record.fault.empty() && !record.expects_reply() ? 1U : 0U;
    Journal::Fate fate = Journal::Fate::open;
    if (options_.journal != nullptr) {
        options_.journal->read(record.text);
        fate = options_.journal->fate(index);
    }
    if (fate == Journal::Fate::done) {
        ++summary_.earlier;
        return;
    }
    summary_.faulty += record.fault.empty() ? 0U : 1U;
    gathering_->add(record, index);
    const std::size_t position = gathering_->size() - 1;
    if (fate == Journal::Fate::in_flight && record.fault.empty()) {
        gathering_->note_may_have_run(position);
        if (!record.idempotent) {
            gathering_->settle(
                position, {.outcome = Outcome::unknown, .why = "it was in flight when an earlier run ended"});
        }
    }
    if (!gathering_->is_open(position)) {
        ++settled_;
        ++failed_;
    }
}

Step Scheduler::wait(int descriptor, base::Deadline until) {
    if (descriptor >= 0 || in_flight() == 0) {
        sink_.pause();
    }
    return {.kind = Step::Kind::wait, .slot = 0, .descriptor = descriptor, .until = until};
}

Step Scheduler::next() {
    while (stop_.raised() == 0) {
        if (in_flight() > 0 && trust_.is_cautious()) {
            break;
        }
        base::Deadline soonest;
        const Step step = next_of_queue(soonest);
        if (step.kind != Step::Kind::end) {
            return step;
        }
        if (!trust_.has_worked() && !queue_.empty()) {
            return wait(-1, soonest);  // the first shipment has another attempt
        }
        if (const auto of_input = next_of_input(soonest)) {
            return *of_input;
        }
    }
    return wait(-1, {});
}

// Shipments of the queue that are due are sent before new input is read. The end: none is due.
Step Scheduler::next_of_queue(base::Deadline& soonest) {
    for (auto shipment = queue_.begin(); shipment != queue_.end(); ++shipment) {
        if (shipment->due.poll_milliseconds() > 0) {
            soonest = sooner(soonest, shipment->due);
            continue;
        }
        if (const auto due = pacer_.wait_for(shipment->size())) {
            return wait(-1, *due);
        }
        Shipment now = std::move(*shipment);
        queue_.erase(shipment);
        return send(std::move(now));
    }
    return {};
}

// Nothing: what was read has left already; ask again.
std::optional<Step> Scheduler::next_of_input(base::Deadline soonest) {
    if (!reading_) {
        return in_flight() == 0 && queue_.empty() ? Step() : wait(-1, soonest);
    }
    if (!window_.has_room(in_flight())) {
        return wait(-1, soonest);
    }
    switch (read()) {
        case Reading::more:
            return send_gathered(soonest);
        case Reading::wait:
            break;
        case Reading::over:
            reading_ = false;
            return send_gathered(soonest);
    }
    // A chunk that is not full is sent only if nothing else is in flight: as in Nagle's algorithm, a slow
    // writer gets its replies at once, and a fast one gets full chunks.
    if (in_flight() == 0 && gathering_->size() > 0) {
        return send_gathered(soonest);
    }
    return wait(source_.descriptor(), soonest);
}

std::optional<Step> Scheduler::send_gathered(base::Deadline soonest) {
    const std::size_t open = gathering_->open();
    if (const auto due = pacer_.wait_for(open)) {
        reading_ = true;  // what was gathered is not sent yet
        return wait(-1, sooner(soonest, *due));
    }
    if (gathering_->size() == 0) {
        gathering_.reset();
        return std::nullopt;
    }
    const auto chunk = window_.add(std::move(*gathering_));
    gathering_.reset();
    Shipment shipment{
        .chunk = chunk, .to = chunk->size(), .last = base::Deadline::after(options_.retry_time)};
    if (open == 0) {
        window_.finish(chunk);
        return std::nullopt;
    }
    for (std::uint32_t position = 0; open < chunk->size() && position < chunk->size(); ++position) {
        if (chunk->is_open(position)) {
            shipment.picked.push_back(position);
        }
    }
    return send(std::move(shipment));
}

Step Scheduler::send(Shipment shipment) {
    const std::size_t slot = free_slots_.back();
    free_slots_.pop_back();
    pacer_.take(shipment.size());
    if (options_.journal != nullptr) {
        shipment.each_row(
            [this](std::uint64_t first, std::uint64_t last) { options_.journal->sending(first, last); });
    }
    slots_[slot] = {.shipment = std::move(shipment), .sent = Clock::now()};
    ++summary_.shipments;
    return {.kind = Step::Kind::send, .slot = slot, .descriptor = -1, .until = {}};
}

// --- ending ---

void Scheduler::stop_reading(const Decision& decision) {
    if (summary_.stopped_why.empty()) {
        summary_.stopped_why = decision.why;
        summary_.stopped_hint = decision.hint;
        summary_.stopped_exit = decision.exit;
        summary_.never_worked = !trust_.has_worked();
        summary_.cut_short = !queue_.empty() || gathering_ || has_more_input();
    }
    stopped_ = true;
    reading_ = false;
    settle_unsent("not sent because of an earlier failure: " + decision.why);
}

bool Scheduler::has_more_input() {
    Record record;
    return reading_ && source_.next(record) != Source::Next::end;
}

void Scheduler::settle_unsent(const std::string& why) {
    if (gathering_ && gathering_->size() > 0) {
        const auto chunk = window_.add(std::move(*gathering_));
        gathering_.reset();
        queue_.push_back({.chunk = chunk, .to = chunk->size()});
    }
    for (const Shipment& shipment : std::exchange(queue_, {})) {
        settle_open(shipment, Outcome::not_sent, why);
    }
}

Summary Scheduler::finish() {
    if (stop_.raised() != 0) {
        summary_.stopped_why = "interrupted";
        summary_.stopped_hint.clear();
        summary_.cut_short = true;
        settle_unsent("interrupted before it was sent");
    }
    for (Slot& slot : slots_) {
        if (slot.shipment) {
            settle_open(*slot.shipment, Outcome::unknown, "interrupted while it was in flight");
            slot.shipment.reset();
        }
    }
    const auto count = [this](Outcome outcome) {
        return window_.count(outcome) + (options_.journal != nullptr ? options_.journal->count(outcome) : 0);
    };
    summary_.ok = count(Outcome::ok);
    summary_.errors = count(Outcome::error);
    summary_.not_sent = count(Outcome::not_sent);
    summary_.refused = count(Outcome::refused);
    summary_.unknown = count(Outcome::unknown);
    if (options_.journal != nullptr) {
        summary_.faulty += options_.journal->count(Outcome::not_sent);
    }
    summary_.left = window_.left();
    summary_.chunk = cap_.learnt() ? cap_.limit() : options_.chunk;
    summary_.rate = pacer_.rate();
    summary_.median = std::chrono::ceil<base::Milliseconds>(latency_.percentile(0.5));
    summary_.slowest_percent = std::chrono::ceil<base::Milliseconds>(latency_.percentile(0.99));
    return summary_;
}

}  // namespace hail::bulk
