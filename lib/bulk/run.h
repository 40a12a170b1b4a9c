// A run of many JSON-RPC calls through few connections. Requests are read, put into chunks, sent and matched
// with their replies, and every one of them leaves with exactly one outcome.
//
// Shape:   memory is bounded by the window: chunks that have been read but have not left yet.
// Truth:   a request that may have run is never sent again. Refused chunks are halved, unsent ones are
//          retried a few times.
// Throws:  whatever the source, the sink and the engine throw.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/bulk/chunk.h"
#include "lib/http/engine.h"
#include "lib/rpc/message.h"
#include "lib/rpc/reply.h"

namespace hail::bulk {

class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    struct Item {
        rpc::Request request;  // valid until the next call
        std::uint64_t line = 0;
    };
    enum class Next {
        item,
        wait,  // nothing yet: ask again when descriptor() is readable
        end,
        bad,  // the input is not valid here, and nothing after it can be read
    };
    virtual Next next(Item& item) = 0;
    virtual int descriptor() const = 0;
};

class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    virtual void take(const Answer& answer) = 0;  // once for every item that was read
    virtual void pause() = 0;                     // nothing more comes right now: show everything so far
};

struct RunOptions {
    std::size_t chunk = 20;                 // requests per POST, at most
    std::size_t chunk_bytes = 1024 * 1024;  // and their bytes; a single larger request is sent anyway
    unsigned parallel = 4;                  // POSTs in flight
    std::uint64_t retries = 2;              // of a POST that did not arrive
    std::optional<base::Milliseconds> retry_time{};  // for all its attempts together; empty: no limit
    std::size_t max_reply = 64 * 1024 * 1024;        // bytes of one reply; the rest is not kept
    Order order = Order::input;
};

struct Summary {
    std::uint64_t items = 0;  // all that were read, including notifications
    std::uint64_t notifications = 0;
    std::uint64_t ok = 0;
    std::uint64_t errors = 0;
    std::uint64_t not_sent = 0;
    std::uint64_t refused = 0;
    std::uint64_t unknown = 0;

    std::uint64_t posts = 0;
    std::uint64_t resent = 0;      // POSTs sent again because they had not arrived
    std::uint64_t splits = 0;      // POSTs that were refused and split
    std::size_t chunk = 0;         // items that the server accepts at a time, if known; else as given
    std::uint64_t strays = 0;      // replies to ids that were not sent
    std::uint64_t duplicates = 0;  // second replies to the same call
    std::uint64_t notification_errors = 0;  // errors without an id that notifications got
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    rpc::Quirks quirks{};

    std::string stopped_why{};    // why reading stopped before the end of the input; empty if it did not
    std::uint64_t last_line = 0;  // the line of the last item that was read
    bool bad_input = false;       // the source returned Next::bad
};

// Sends every item of the source in POSTs like `model`, whose body it fills in. Reading stops if nothing
// arrives any more, if the server refuses everything, and at a signal; items that were read but not sent are
// then reported as such.
Summary run(http::Engine& engine, base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
            const RunOptions& options);

}  // namespace hail::bulk
