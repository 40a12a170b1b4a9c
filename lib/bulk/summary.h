// The options of a bulk run, its sink, and the summary of what became of its records.
//
// Throws:  whatever the sink throws.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/exit.h"
#include "lib/bulk/chunk.h"
#include "lib/bulk/journal.h"

namespace hail::bulk {

class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    virtual void take(const Answer& answer) = 0;  // once for every record that was read
    virtual void pause() = 0;                     // nothing more comes right now: show everything so far
};

// How many records may fail before the run ends: a number, or a share of those that ended so far.
struct FailureLimit {
    std::optional<std::uint64_t> count{};
    std::optional<double> percent{};
};

struct RunOptions {
    std::size_t chunk = 20;                          // records in one shipment, at most
    std::size_t chunk_bytes = 1024 * 1024;           // and their bytes; a single larger record is sent anyway
    unsigned parallel = 4;                           // shipments in flight
    double rate = 0;                                 // records a second, at most; 0: no limit
    bool adapts_rate = false;                        // the rate is found out from what the peer refuses
    std::uint64_t retries = 2;                       // of a shipment that did not arrive
    std::optional<base::Milliseconds> retry_time{};  // for all its attempts together; empty: no limit
    FailureLimit failures{};                         // no limit by default
    Order order = Order::input;
    Journal* journal = nullptr;  // of a run that can be continued; null: none
    // While records are in flight: a reader of the output waits no longer than this, and a file costs little.
    base::Milliseconds flush_interval{50};

    // Records in one shipment, so that no second sees more of them than the rate allows.
    std::size_t most_at_once() const {
        return rate > 0 ? std::max<std::size_t>(1, std::min(chunk, static_cast<std::size_t>(rate))) : chunk;
    }
};

struct Summary {
    std::uint64_t items = 0;  // all that were read, including notifications
    std::uint64_t notifications = 0;
    std::uint64_t ok = 0;
    std::uint64_t errors = 0;
    std::uint64_t not_sent = 0;
    std::uint64_t earlier = 0;  // among all: ended in earlier runs, according to the journal
    std::uint64_t left = 0;     // among those not sent or refused: a continued run sends them
    std::uint64_t faulty = 0;   // among those not sent: the record is not valid
    std::uint64_t refused = 0;
    std::uint64_t unknown = 0;

    std::uint64_t shipments = 0;
    std::uint64_t resent = 0;     // records sent again
    std::uint64_t splits = 0;     // shipments that were refused and split
    std::uint64_t slowdowns = 0;  // times that the peer refused because of the rate
    std::size_t chunk = 0;  // records that the peer accepts at a time, if that was learnt; else as given
    double rate = 0;        // records a second that the run ended with; 0: no limit
    base::Milliseconds median{};           // of the time from a shipment to its reply
    base::Milliseconds slowest_percent{};  // 99 of 100 took no longer

    // Why the run stopped; empty if it did not.
    std::string stopped_why{};
    std::string stopped_hint{};
    base::Exit stopped_exit = base::Exit::ok;  // ok: the outcomes say it
    bool cut_short = false;                    // something was left to send when it stopped
    bool never_worked = false;                 // the peer was not seen to work before it stopped
    std::uint64_t last_line = 0;               // the line of the last record that was read
};

}  // namespace hail::bulk
