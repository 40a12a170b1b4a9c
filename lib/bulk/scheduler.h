// The scheduler of a bulk run: it reads records, says which of them to send when, and turns the verdicts of
// an adapter into exactly one outcome for each. The adapter alone knows the form of a record on the wire.
//
// Shape:   a shipment is in flight in a numbered slot from next() until done(). finish() is called once after
//          that, whatever ended the run. Memory is bounded by the window: chunks that have been read but have
//          not left yet.
// Truth:   a record that may have run is never sent again, unless it is idempotent.
// Throws:  whatever the source and the sink throw.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/bulk/latency.h"
#include "lib/bulk/output_window.h"
#include "lib/bulk/pacer.h"
#include "lib/bulk/record.h"
#include "lib/bulk/shipment.h"
#include "lib/bulk/size_cap.h"
#include "lib/bulk/summary.h"
#include "lib/bulk/trust.h"
#include "lib/bulk/verdict.h"

namespace hail::bulk {

// The next thing to do.
struct Step {
    enum class Kind {
        send,  // the shipment in this slot
        wait,  // ask again after done(), when the descriptor is readable, or when the time has come
        end,   // everything was sent and settled
    };
    Kind kind = Kind::end;
    std::size_t slot = 0;
    int descriptor = -1;     // wait: -1 for no descriptor
    base::Deadline until{};  // wait: no time by default
};

class Scheduler {
  public:
    Scheduler(base::Stop& stop, Source& source, Sink& sink, const RunOptions& options);

    Step next();
    const Shipment& shipment(std::size_t slot) const { return *slots_[slot].shipment; }

    // Keeps a text that came for the shipment alive as long as its chunk, and returns it.
    std::string_view keep(std::size_t slot, std::string text);

    void done(std::size_t slot, const Verdict& verdict);

    // Settles the remaining items as not sent, or unknown.
    Summary finish();

  private:
    using Clock = base::Deadline::Clock;

    struct Slot {
        std::optional<Shipment> shipment;
        Clock::time_point sent{};
    };

    // Reading and sending.
    enum class Reading { more, wait, over };
    Reading read();
    void take(Record& record);
    Step next_of_queue(base::Deadline& soonest);
    std::optional<Step> next_of_input(base::Deadline soonest);
    std::optional<Step> send_gathered(base::Deadline soonest);
    Step send(Shipment shipment);
    Step wait(int descriptor, base::Deadline until);
    std::size_t in_flight() const { return slots_.size() - free_slots_.size(); }

    // Acting on verdicts.
    void learn(const Shipment& shipment, const Verdict& verdict);
    bool will_repeat(const Shipment& shipment, const Verdict& verdict) const;
    void learn_from_split(Split& split, Verdict::Peer peer);
    void apply(Shipment& shipment, const Verdict& verdict);
    void settle_each(const Shipment& shipment, std::span<const Finding> each, bool too_fast);
    void settle(Chunk& chunk, std::size_t position, const Finding& finding);
    void settle_open(const Shipment& shipment, Outcome outcome, std::string why);
    bool may_resend(const Shipment& shipment, std::size_t records, bool too_fast) const;
    void resend(Shipment shipment, bool too_fast);
    void send_alone(const Shipment& shipment, std::size_t position);
    void split(const Shipment& shipment, std::size_t accepts);
    void note_left(const Shipment& shipment);
    void check_failures();

    // Ending.
    void stop_reading(const Decision& decision);
    bool has_more_input();
    void settle_unsent(const std::string& why);

    base::Stop& stop_;
    Source& source_;
    Sink& sink_;
    RunOptions options_;
    Summary summary_;

    SizeCap cap_;
    Pacer pacer_;
    Trust trust_;
    Latency latency_;
    bool reading_ = true;
    bool stopped_ = false;  // before the end of the input: nothing more is sent
    std::uint64_t settled_ = 0;
    std::uint64_t failed_ = 0;  // settled, and not ok
    OutputWindow window_;
    base::Deadline next_flush_;       // when the output is shown although more is coming
    std::optional<Chunk> gathering_;  // not sent yet
    std::deque<Shipment> queue_;      // to send again, or parts of what was refused
    std::vector<Slot> slots_;
    std::vector<std::size_t> free_slots_;
};

}  // namespace hail::bulk
