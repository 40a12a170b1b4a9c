// The promises of the scheduler and its journal, held against random peers, signals and crashes: each world
// is a run with a peer that has a mind of its own. The worlds take turns, so that their pauses pass together.

#include <doctest/doctest.h>
#include <poll.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/bulk/scheduler.h"
#include "tests/support/directory.h"
#include "tests/unit/bulk/random_run.h"

using namespace hail;
using namespace hail::bulk;

namespace {

using Peer = Verdict::Peer;

class World {
  public:
    World(std::uint32_t seed, std::string journal);

    enum class Did { act, wait, end };
    Did turn();
    void check() const;

  private:
    void begin();
    void crash();
    Did ask();
    void answer();
    void finish();
    Verdict verdict(const Shipment& shipment);
    Verdict verdict_on_each(const Shipment& shipment);
    void run(const Shipment& shipment, std::size_t place) { ++truths_[shipment.index(place)].runs; }
    void perhaps_run(const Shipment& shipment, std::size_t place);

    Dice dice_;
    std::string path_;  // of the journal; empty: none
    RunOptions options_;
    Truths truths_;
    std::uint32_t runs_ = 0;
    std::uint32_t patience_;  // of the peer, with the client: later runs meet one that only answers

    // Of one run.
    struct Run {
        base::Stop stop;
        std::optional<Journal> journal;
        std::optional<RecordsOf> source;
        std::optional<Lines> lines;
        std::optional<Scheduler> scheduler;
        std::vector<std::size_t> in_flight;
    };
    std::unique_ptr<Run> run_;
    std::vector<Finding> each_;
    std::optional<Summary> summary_;
};

World::World(std::uint32_t seed, std::string journal) : dice_(seed), path_(std::move(journal)) {
    truths_.resize(dice_.below(120));
    const bool repeats = dice_.one_in(3);
    for (Truth& truth : truths_) {
        truth.idempotent = repeats && dice_.one_in(2);
        truth.faulty = dice_.one_in(20);
    }
    options_.chunk = 1 + dice_.below(9);
    options_.parallel = 1 + dice_.below(4);
    options_.retries = dice_.below(2);
    options_.order = dice_.one_in(2) ? Order::input : Order::done;
    options_.flush_interval = base::Milliseconds(dice_.one_in(2) ? 0 : 60'000);
    patience_ = dice_.below(6);
    begin();
}

void World::begin() {
    run_ = std::make_unique<Run>();
    if (!path_.empty()) {
        run_->journal.emplace(path_, "x", Journal::Durability::process);
    }
    options_.journal = run_->journal ? &*run_->journal : nullptr;
    run_->source.emplace(truths_, dice_);
    run_->lines.emplace(truths_, options_.journal);
    run_->scheduler.emplace(run_->stop, *run_->source, *run_->lines, options_);
    ++runs_;
}

// The end by SIGKILL in the middle of a commit, of which any part may have been written.
void World::crash() {
    constexpr std::uint32_t checkpoint_size = 32;  // the last entry, after the one that makes the lines count
    const auto before = std::filesystem::file_size(path_);
    run_->journal->commit({});
    const auto grown = static_cast<std::uint32_t>(std::filesystem::file_size(path_) - before);
    const std::uint32_t lost = 1 + dice_.below(grown);
    std::filesystem::resize_file(path_, before + grown - lost);
    if (lost <= checkpoint_size) {
        run_->lines->count();
    }
    begin();
}

World::Did World::turn() {
    const bool has_journal = !path_.empty();
    if (has_journal && runs_ < 8 && dice_.one_in(30)) {
        if (run_->journal->has_settled() && dice_.one_in(2)) {
            crash();
        } else {
            begin();
        }
        return Did::act;
    }
    if (runs_ < 4 && run_->stop.raised() == 0 && dice_.one_in(300)) {
        run_->stop.raise(SIGTERM);
    }
    const bool is_full = run_->in_flight.size() == options_.parallel || run_->stop.raised() != 0;
    if (!run_->in_flight.empty() && (is_full || dice_.one_in(2))) {
        answer();
        return Did::act;
    }
    if (run_->stop.raised() != 0) {
        finish();
        return summary_ ? Did::end : Did::act;
    }
    return ask();
}

World::Did World::ask() {
    const Step step = run_->scheduler->next();
    const std::size_t window = (4 * options_.parallel + 17) * options_.chunk;
    CHECK((run_->journal || run_->source->read <= run_->lines->taken + window));
    switch (step.kind) {
        case Step::Kind::send:
            run_->in_flight.push_back(step.slot);
            CHECK(run_->in_flight.size() <= options_.parallel);
            CHECK(run_->scheduler->shipment(step.slot).size() <= options_.chunk);
            return Did::act;
        case Step::Kind::wait:
            if (!run_->in_flight.empty()) {
                answer();
                return Did::act;
            }
            REQUIRE((step.descriptor >= 0 || step.until.poll_milliseconds() >= 0));
            return step.descriptor >= 0 ? Did::act : Did::wait;
        case Step::Kind::end:
            CHECK(run_->in_flight.empty());
            finish();
            break;
    }
    return summary_ ? Did::end : Did::act;
}

void World::answer() {
    const std::size_t place = dice_.below(static_cast<std::uint32_t>(run_->in_flight.size()));
    const std::size_t slot = run_->in_flight[place];
    run_->in_flight.erase(run_->in_flight.begin() + static_cast<std::ptrdiff_t>(place));
    run_->scheduler->done(slot, verdict(run_->scheduler->shipment(slot)));
}

// Ends this run, and the world unless another run continues it.
void World::finish() {
    const Summary summary = run_->scheduler->finish();
    run_->lines->pause();
    const bool complete = !summary.cut_short && summary.left == 0;
    if (path_.empty() || complete) {
        summary_ = summary;
    } else {
        begin();
    }
}

void World::perhaps_run(const Shipment& shipment, std::size_t place) {
    if (dice_.one_in(2)) {
        run(shipment, place);
    }
}

Verdict World::verdict_on_each(const Shipment& shipment) {
    each_.clear();
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        const std::uint32_t choice = runs_ > patience_ ? 0 : dice_.below(20);
        const auto arrival = static_cast<std::uint32_t>(place) + 1;
        if (choice < 16) {
            run(shipment, place);
            const Outcome outcome = choice == 15 ? Outcome::error : Outcome::ok;
            each_.push_back({.outcome = outcome, .arrival = arrival, .value = "1"});
        } else if (choice < 18) {
            const Then then = choice == 16 ? Then::alone : Then::resend;
            each_.push_back({.outcome = Outcome::refused, .then = then, .arrival = arrival, .why = "no"});
        } else {
            perhaps_run(shipment, place);
            each_.push_back({.outcome = Outcome::unknown, .why = "no reply to this call"});
        }
    }
    return {.each = each_, .peer = Peer::works};
}

Verdict World::verdict(const Shipment& shipment) {
    const std::uint32_t choice = runs_ > patience_ ? 0 : dice_.below(80);
    if (choice < 60) {
        return verdict_on_each(shipment);
    }
    if (choice < 64) {
        return {.all = {Outcome::not_sent, Then::resend, "no connection", base::Exit::unreachable, {}}};
    }
    if (choice < 68) {
        return {.all = {Outcome::refused, Then::split, "too many", base::Exit::refused, {}},
                .accepts = dice_.below(static_cast<std::uint32_t>(options_.chunk))};
    }
    if (choice < 72) {
        return {.all = {Outcome::refused, Then::resend, "too fast", base::Exit::refused, {}},
                .too_fast = true,
                .wait = base::Milliseconds(dice_.below(2))};
    }
    if (choice == 72) {
        return {.all = {Outcome::refused, Then::stop, "who are you", base::Exit::client_error, {}}};
    }
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        perhaps_run(shipment, place);
    }
    return {.all = {Outcome::unknown, Then::settle, "it broke", base::Exit::unknown, {}},
            .peer = choice == 73 ? Peer::strange : Peer::silent};
}

void World::check() const {
    REQUIRE(summary_);
    std::array<std::uint64_t, outcome_count> counts{};
    for (std::size_t index = 0; index < truths_.size(); ++index) {
        const Truth& truth = truths_[index];
        CAPTURE(index);
        if (path_.empty() && index >= summary_->items) {
            CHECK(truth.lines.empty());
            CHECK(truth.runs == 0);
            continue;
        }
        REQUIRE(truth.lines.size() == 1);
        const Outcome outcome = truth.lines.front();
        ++counts[static_cast<std::size_t>(outcome)];
        CHECK((truth.idempotent || truth.runs <= 1));
        CHECK(((outcome != Outcome::ok && outcome != Outcome::error) || truth.runs >= 1));
        CHECK(((outcome != Outcome::refused && outcome != Outcome::not_sent) || truth.runs == 0));
        CHECK((!truth.faulty || outcome == Outcome::not_sent));
    }
    CHECK(summary_->ok == counts[static_cast<std::size_t>(Outcome::ok)]);
    CHECK(summary_->errors == counts[static_cast<std::size_t>(Outcome::error)]);
    CHECK(summary_->not_sent == counts[static_cast<std::size_t>(Outcome::not_sent)]);
    CHECK(summary_->refused == counts[static_cast<std::size_t>(Outcome::refused)]);
    CHECK(summary_->unknown == counts[static_cast<std::size_t>(Outcome::unknown)]);
}

void check_worlds(std::uint32_t seeds, bool with_journal) {
    const support::TemporaryDirectory directory;
    std::vector<std::pair<std::uint32_t, std::unique_ptr<World>>> worlds;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        const std::string name = std::to_string(seed);
        worlds.emplace_back(
            seed, std::make_unique<World>(seed, with_journal ? directory.path(name) : std::string()));
    }
    while (!worlds.empty()) {
        bool all_wait = true;
        for (auto& [seed, world] : worlds) {
            const std::uint32_t number = seed;
            CAPTURE(number);
            const World::Did did = world->turn();
            all_wait = all_wait && did == World::Did::wait;
            if (did == World::Did::end) {
                world->check();
                world.reset();
            }
        }
        std::erase_if(worlds, [](const auto& one) { return !one.second; });
        ::poll(nullptr, 0, all_wait ? 1 : 0);
    }
}

}  // namespace

TEST_CASE("scheduler: whatever the peer does, each record has one outcome, and it is true") {
    check_worlds(400, false);
}

TEST_CASE("scheduler: with a journal, crashes lose no record, repeat none and leave no line twice") {
    check_worlds(400, true);
}

TEST_CASE("scheduler: any number of records that are not valid is read in bounded memory") {
    Truths truths(200'000, Truth{.faulty = true});
    base::Stop stop;
    Dice dice(1);
    RecordsOf source(truths, dice);
    Lines lines(truths, nullptr);
    Scheduler scheduler(stop, source, lines, {.chunk = 1});
    while (scheduler.next().kind != Step::Kind::end) {
    }
    CHECK(lines.taken == truths.size());
    CHECK(scheduler.finish().faulty == truths.size());
}
