// A reading of Redis streams that outlives its connections: the settings, the places, and the entries that
// were handed over and are not settled.
//
// Shape:   each connection has a new subscriber, and all of them share one state. A delivery's number stays
//          valid after the connection that brought it. An entry whose acknowledgement was not confirmed is
//          acknowledged again by the next connection.
// Throws:  nothing.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/redis/stream_commands.h"
#include "lib/redis/stream_id.h"

namespace hail::pubsub {

struct StreamOptions {
    enum class From { start, end, id };

    std::optional<redis::Consumer> consumer{};  // empty: read without a group, and acknowledge nothing
    From from = From::end;                      // of a reading without a group, and of a group that is made
    redis::StreamId from_id{};                  // the last entry that is not wanted, for From::id
    bool until_end = false;                     // end after the entry that was the last one at the start
    base::Milliseconds claim_after{300'000};  // entries that another consumer has kept for so long are taken
    std::uint64_t most_deliveries = 0;        // after so many an entry is given up; 0: never
    std::uint64_t count = 0;                  // entries are wanted, at most; 0: no limit
};

struct StreamState {
    struct Stream {
        std::string key;
        redis::StreamId place{};                 // of the last entry that was handed over
        std::optional<redis::StreamId> until{};  // nothing after this is read; empty: no end, or not known
        bool ended = false;                      // an entry after that was seen
        std::optional<std::uint64_t> counted{};  // as in redis::lost_after
        std::uint64_t lost = 0;                  // so many were reported as trimmed
        bool lost_some = false;                  // and a loss of unknown size
        bool known = false;                      // its place or group is known to exist
        std::set<redis::StreamId> held{};        // handed over; not settled, or not known to be acknowledged
        std::deque<redis::StreamId> done{};      // to be acknowledged
        bool without_payload = false;            // an entry without the usual field was warned of

        bool is_read() const { return ended || (until && place >= *until); }
    };
    struct Held {
        std::size_t stream;
        redis::StreamId id;
    };

    explicit StreamState(StreamOptions given) : options(std::move(given)) {}

    const StreamOptions options;
    std::vector<Stream> streams{};  // filled by the first connection
    std::unordered_map<std::uint64_t, Held> deliveries{};
    std::uint64_t last_delivery = 0;
    std::uint64_t handed_over = 0;
};

}  // namespace hail::pubsub
