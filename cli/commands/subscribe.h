// hail subscribe: messages from channels and patterns.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/amqp.h"
#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/options/stream.h"
#include "cli/output/backlog.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/pubsub/subscriber.h"

namespace hail::cli::subscribe {

struct Options {
    std::string address;
    std::vector<std::string> channels;
    bool literal = false;
    bool json = false;
    bool nul = false;
    std::string format;  // a template; empty: none
    bool events = false;
    bool append = false;
    std::uint64_t max_message = 512UL << 20U;  // bytes
    std::uint64_t queue = 64UL << 20U;         // bytes that wait for a slow reader
    output::Overflow overflow = output::Overflow::spool;
    bool overflow_is_typed = false;
    std::vector<std::string> program;  // and its arguments; empty: messages are printed
    std::uint64_t jobs = 1;
    bool reply = false;
    bool no_reconnect = false;
    bool fail_on_gap = false;
    bool stats = false;
    std::uint64_t count = 0;                         // end after this many messages; 0: no limit
    std::optional<base::Milliseconds> duration;      // end after this time; empty: no limit
    std::optional<base::Milliseconds> first_within;  // limit for the first message
    std::string ready_fd;                            // the number of a descriptor; empty: none
    options::StreamReading stream;
    options::AmqpReading amqp;
    options::Connection connection;
    output::Display display;

    // A stream of messages has no end at which its file would be complete: it is written in place.
    output::Display console_display() const;
};

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

// Names that contain *, ? or [ are patterns, unless all names are literal.
enum class Globs { are_patterns, are_literal };
pubsub::Subscriptions sort_names(const std::vector<std::string>& names, Globs globs);

}  // namespace hail::cli::subscribe
