// The commands for Redis streams, as they go over the wire.
//
// Shape:   pure functions. A group is named together with the consumer that acts for it.
// Source:  https://redis.io/docs/latest/commands/xadd, xread, xreadgroup, xack, xgroup-create, xautoclaim,
//          xclaim, xpending, xinfo-stream; Redis 6.2 is the first with XAUTOCLAIM and exclusive ranges.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/net/out_blocks.h"
#include "lib/redis/stream_id.h"

namespace hail::redis {

struct Consumer {
    std::string group;
    std::string name;
};

struct ReadLimits {
    std::uint64_t count = 1;  // entries of each stream, at most
    std::optional<std::chrono::milliseconds>
        block{};  // waits this long for the first entry; empty: not at all
};

using StreamPlaces =
    std::vector<std::pair<std::string, std::string>>;  // a key, and the id after which to read

std::string xread(const StreamPlaces& streams, const ReadLimits& limits);
std::string xreadgroup(const Consumer& consumer, const std::vector<std::string>& keys,
                       const ReadLimits& limits);  // entries that no consumer of the group was given yet

// Makes the stream too if it is missing.
std::string xgroup_create(const std::string& key, const std::string& group, const std::string& from);
std::string xack(const std::string& key, const std::string& group, std::span<const StreamId> ids);

// The ids of entries that have been idle for so long now belong to the consumer; their counts of deliveries
// stay the same.
std::string xautoclaim(const std::string& key, const Consumer& consumer, std::chrono::milliseconds idle,
                       const std::string& cursor, std::uint64_t count);
// The bodies of entries of this consumer. It counts as a delivery of each.
std::string xclaim(const std::string& key, const Consumer& consumer, std::span<const StreamId> ids);

// The consumer's own entries after this id; the entry with exactly this id, of any consumer.
std::string xpending_after(const std::string& key, const Consumer& consumer, const StreamId& after,
                           std::uint64_t count);
std::string xpending_one(const std::string& key, const std::string& group, const StreamId& id);

// The stream and its groups, at one moment.
std::string xinfo(const std::string& key);

struct XaddOptions {
    std::optional<std::uint64_t> most{};  // about so many entries are kept; empty: all
};

// XADD, appended to the bytes to be sent. `id` may be "*".
void append_xadd(net::OutBlocks& out, std::string_view key, std::string_view id, const XaddOptions& options,
                 std::span<const std::pair<std::string_view, std::string_view>> fields);

}  // namespace hail::redis
