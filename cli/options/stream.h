// The options for streams of Redis: --stream, and those that need it.
//
// Throws:  Error(usage) for an id that is not valid, and for combinations that make no sense.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/options/parser.h"
#include "lib/base/deadline.h"
#include "lib/pubsub/publisher.h"
#include "lib/pubsub/stream_state.h"

namespace hail::cli::options {

struct StreamWriting {
    bool stream = false;
    std::optional<std::uint64_t> maxlen;
    pubsub::StreamAppend::Ids ids = pubsub::StreamAppend::Ids::by_broker;

    std::optional<pubsub::StreamAppend> plan() const;
};

struct StreamReading {
    bool stream = false;
    std::string group;
    std::string consumer;
    std::string from = "end";
    bool until_end = false;
    std::optional<base::Milliseconds> claim_after;
    std::uint64_t max_deliveries = 0;

    // Empty without --stream. `count` is the number of messages that are wanted, 0 means no limit.
    std::shared_ptr<pubsub::StreamState> plan(std::uint64_t count) const;
};

void declare_stream(Parser& parser, StreamWriting& options);
void declare_stream(Parser& parser, StreamReading& options);

}  // namespace hail::cli::options
