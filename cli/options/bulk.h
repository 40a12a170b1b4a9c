// The options of a bulk run: how many calls are sent when, when the run gives up, and whether it can be
// continued.

#pragma once

#include <cstdint>
#include <string>

#include "cli/options/group.h"
#include "cli/output/console.h"
#include "lib/bulk/journal.h"
#include "lib/bulk/summary.h"

namespace hail::cli::options {

struct Bulk {
    std::uint64_t chunk = 20;
    std::uint64_t parallel = 4;
    bulk::Order order = bulk::Order::input;
    std::string rate;        // "50/s", "auto"; empty: no limit
    std::string max_errors;  // "10", "5%"; empty: no limit
    bool fail_fast = false;
    std::string journal;  // a file; empty: the run cannot be continued
    bool durable = false;

    bulk::Journal::Durability durability() const {
        return durable ? bulk::Journal::Durability::power : bulk::Journal::Durability::process;
    }
};

void declare_bulk(Group& group, Bulk& bulk);

// The number a second of "50/s", "50", "3000/m" or "5/h".
// Throws: Error(usage) with this hint.
double parse_rate(const std::string& text, const std::string& hint);

// The options of the engine, but for retries and the journal. The number of connections is lowered, with a
// warning, if the limit of open files allows no more.
// Throws: Error(usage).
hail::bulk::RunOptions run_options(const Bulk& bulk, output::Console& console);

}  // namespace hail::cli::options
