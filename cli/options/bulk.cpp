#include "cli/options/bulk.h"

#include <algorithm>

#include "lib/base/descriptors.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

constexpr Range chunk_sizes{1, 100'000};
constexpr Range parallel_posts{1, 1'000};

hail::bulk::FailureLimit failure_limit(const Bulk& bulk) {
    if (bulk.fail_fast) {
        return {.count = 0};
    }
    if (bulk.max_errors.empty()) {
        return {};
    }
    const bool share = bulk.max_errors.ends_with('%');
    const auto number =
        base::parse_number(bulk.max_errors.substr(0, bulk.max_errors.size() - (share ? 1 : 0)));
    if (!number || (share && *number > 100)) {
        throw Error(Exit::usage,
                    "option --max-errors: '" + base::one_line(bulk.max_errors) + "' is not a limit",
                    "write a number of calls, such as 10, or a share of them, such as 5%");
    }
    return share ? hail::bulk::FailureLimit{.percent = static_cast<double>(*number)}
                 : hail::bulk::FailureLimit{.count = *number};
}

// Each connection takes a descriptor, and so do the files and the name resolution.
unsigned connections(std::uint64_t wanted, output::Console& console) {
    constexpr std::size_t others = 8;
    const std::size_t free = base::free_descriptors();
    const std::uint64_t possible = free > others ? free - others : 1;
    if (wanted > possible) {
        console.warn("--parallel is lowered to " + std::to_string(possible) +
                     ": the limit of open files allows no more; raise it with ulimit -n");
    }
    return static_cast<unsigned>(std::min(wanted, possible));
}

}  // namespace

double parse_rate(const std::string& text, const std::string& hint) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string unit = text.substr(slash);
    const double seconds = unit == "/m" ? 60 : unit == "/h" ? 3600 : 1;
    const auto number = base::parse_number(text.substr(0, slash));
    const bool has_unit = unit.empty() || unit == "/s" || unit == "/m" || unit == "/h";
    if (!number || *number == 0 || !has_unit) {
        throw Error(Exit::usage, "option --rate: '" + base::one_line(text) + "' is not a rate", hint);
    }
    return static_cast<double>(*number) / seconds;
}

void declare_bulk(Group& group, Bulk& bulk) {
    using Order = hail::bulk::Order;
    group.number("--chunk", bulk.chunk,
                 "Send at most N calls in one POST (default " + std::to_string(bulk.chunk) + ")",
                 "HAIL_CHUNK", chunk_sizes);
    group.number("--parallel", bulk.parallel,
                 "Send at most N POSTs at a time (default " + std::to_string(bulk.parallel) + ")",
                 "HAIL_PARALLEL", parallel_posts);
    group.text(
        "--rate", bulk.rate, "RATE",
        "Send at most so many calls a second, such as 50/s or 3000/m; auto finds out how many the server "
        "accepts (default: no limit)");
    group.flag("--fail-fast", bulk.fail_fast, "Stop at the first call that does not succeed");
    group.text(
        "--max-errors", bulk.max_errors, "N|P%",
        "Stop when more than N calls, or P percent of at least 100, did not succeed (default: no limit)");
    group.choice<Order>("--order", bulk.order, {{"input", Order::input}, {"done", Order::done}},
                        "Print lines in the order of the input, or as the replies arrive (default input)");
    group.text(
        "--journal", bulk.journal, "FILE",
        "Note in FILE which calls were sent and which have a line in the output of -o; the same command then "
        "continues the run after any interruption");
    group.flag("--durable", bulk.durable,
               "With --journal: wait for the disk before each POST, so that a power failure loses nothing");
}

hail::bulk::RunOptions run_options(const Bulk& bulk, output::Console& console) {
    hail::bulk::RunOptions run;
    run.adapts_rate = bulk.rate == "auto";
    run.rate = bulk.rate.empty() || run.adapts_rate ? 0 : parse_rate(bulk.rate, "write 50/s, 3000/m or auto");
    run.failures = failure_limit(bulk);
    run.chunk = bulk.chunk;
    run.order = bulk.order;
    run.parallel = connections(bulk.parallel, console);
    return run;
}

}  // namespace hail::cli::options
