// Records for runs with random peers, and the lines that a run leaves of them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lib/bulk/journal.h"
#include "lib/bulk/record.h"
#include "lib/bulk/summary.h"
#include "tests/unit/bulk/records.h"

namespace hail::bulk {

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    bool one_in(std::uint32_t chances) { return below(chances) == 0; }

  private:
    std::mt19937 random_;
};

struct Truth {
    bool idempotent = false;
    bool faulty = false;
    std::uint32_t runs = 0;
    std::vector<Outcome> lines{};  // in the output
};
using Truths = std::vector<Truth>;

struct RecordsOf : Source {
    RecordsOf(const Truths& all, Dice& its) : truths(all), dice(its) {}

    Next next(Record& record) override {
        if (dice.one_in(10)) {
            return Next::wait;
        }
        if (read == truths.size()) {
            return Next::end;
        }
        text = "call (" + std::to_string(read) + ")";
        record = record_of(text, read + 1);
        record.idempotent = truths[read].idempotent;
        record.fault = truths[read].faulty ? "bad" : "";
        ++read;
        return Next::record;
    }
    int descriptor() const override { return 7; }

    const Truths& truths;
    Dice& dice;
    std::size_t read = 0;
    std::string text;
};

// As the output of a run with a journal: lines count once the journal knows them.
struct Lines : Sink {
    Lines(Truths& all, Journal* its) : truths(all), journal(its) {}

    void take(const Answer& answer) override {
        ++taken;
        if (journal == nullptr) {
            truths[answer.index].lines.push_back(answer.outcome);
        } else if (!answer.left) {
            journal->settled(answer.index, answer.outcome);
            pending.emplace_back(answer.index, answer.outcome);
        }
    }

    void pause() override {
        if (journal != nullptr && journal->has_settled()) {
            journal->commit({});
            count();
        }
    }

    void count() {
        for (const auto& [index, outcome] : pending) {
            truths[index].lines.push_back(outcome);
        }
        pending.clear();
    }

    Truths& truths;
    Journal* journal;
    std::vector<std::pair<std::uint64_t, Outcome>> pending;
    std::size_t taken = 0;
};

}  // namespace hail::bulk
