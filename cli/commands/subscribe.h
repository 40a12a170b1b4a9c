#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/pubsub/subscriber.h"

// hail subscribe: messages from channels and patterns.

namespace hail::cli::subscribe {

struct Options {
    std::string address;
    std::vector<std::string> channels;
    bool literal = false;
    bool json = false;
    bool nul = false;
    std::uint64_t count = 0;                         // messages after which to end; 0: never
    std::optional<base::Milliseconds> duration;      // after which to end
    std::optional<base::Milliseconds> first_within;  // limit for the first message
    std::string ready_fd;                            // a descriptor's number; empty: none
    options::Connection connection;
    output::Display display;
};

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

// Names with *, ? or [ are patterns, unless all are to be taken literally.
enum class Globs { are_patterns, are_literal };
pubsub::Subscriptions sort_names(const std::vector<std::string>& names, Globs globs);

}  // namespace hail::cli::subscribe
