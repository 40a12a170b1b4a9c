// The verdict on one shipment: what an exchange proved about its records, and what may be done next. The
// adapter gives it, the engine acts on it.
//
// Shape:   a value; views live as long as the shipment's chunk (Scheduler::keep()).
// Truth:   a record may be sent again only if the exchange proves that it did not run; otherwise its outcome
//          is unknown.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/exit.h"
#include "lib/bulk/outcome.h"

namespace hail::bulk {

enum class Then : std::uint8_t {
    settle,  // the outcome is final
    resend,  // it did not run: try again
    alone,   // it did not run because others were sent with it: try it by itself
    split,   // the peer may accept fewer at a time
    stop,    // the others would fail too: do not send them
};

// The verdict on one record.
struct Finding {
    Outcome outcome = Outcome::unknown;
    Then then = Then::settle;   // settle, resend or alone
    std::uint32_t arrival = 0;  // the place of its reply among those of the exchange, from 1; 0: it got none
    std::string_view value{};   // the result or the error
    std::string_view why{};     // of not_sent, refused and unknown
};

// The verdict on all records of a shipment.
struct Decision {
    Outcome outcome = Outcome::unknown;
    Then then = Then::settle;
    std::string why{};
    base::Exit exit = base::Exit::unknown;  // of a run that ends because of it
    std::string hint{};                     // what to do about it, may be empty
};

struct Verdict {
    // The exchange as evidence about the peer as such.
    enum class Peer {
        unclear,  // it refused, or nothing arrived
        works,    // it answered as a service of this kind does
        silent,   // it took the shipment, and no whole reply came
        strange,  // it answered as no service of this kind does
    };

    Decision all{};
    std::span<const Finding>
        each{};  // one for every record of the shipment; empty: `all` holds for every one
    Peer peer = Peer::unclear;

    // Evidence about size: the peer accepts so many records at a time; 0: the exchange does not say.
    std::size_t accepts = 0;
    // Evidence about pace: the peer refused because there are too many, and asks to wait this long.
    bool too_fast = false;
    std::optional<base::Milliseconds> wait{};
};

}  // namespace hail::bulk
