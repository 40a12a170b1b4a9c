// hail publish: messages to a channel, from the arguments or from stdin.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/amqp.h"
#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/options/stream.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/pubsub/publish.h"

namespace hail::cli::publish {

struct Options {
    std::string address;
    std::string channel;
    std::vector<std::string> messages;
    bool nul = false;
    bool whole = false;
    bool json = false;
    bool skip_empty = false;
    bool receivers = false;
    bool fail_fast = false;
    bool request = false;
    pubsub::PublishOptions::OnLost on_lost = pubsub::PublishOptions::OnLost::stop;
    std::string rate;  // "50/s"; empty: no limit
    std::optional<std::uint64_t> require_receivers;
    std::optional<base::Milliseconds> wait_receivers;
    std::uint64_t window = 1'000;
    std::optional<base::Milliseconds> drain_timeout = base::Milliseconds(30'000);
    options::StreamWriting stream;
    options::AmqpWriting amqp;
    options::Connection connection;
    output::Display display;
};

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

}  // namespace hail::cli::publish
