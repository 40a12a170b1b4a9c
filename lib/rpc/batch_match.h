// Matching of the replies to one POST with the calls in it, by id, in whatever order the replies came.
//
// Shape:   the calls of one POST have consecutive wire ids from `first_id`, and one slot each in the same
//          order; notifications have neither. Spans point into the reply text. Nothing is allocated per
//          reply.
// Throws:  nothing.
// Source:  JSON-RPC 2.0 specification, section 6; how servers refuse batches and lose replies: reference of
//          JSON-RPC, section 4.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/rpc/reply.h"

namespace hail::rpc {

struct Slot {
    enum class State : std::uint8_t { missing, result, error };
    State state = State::missing;
    bool duplicated = false;    // a second reply came and was dropped
    std::uint32_t arrival = 0;  // counts from 1 in the order of the text; 0: missing
    std::string_view value;     // the result's or the error's bytes
};

enum class Framing { single, array };    // how the requests were sent
enum class Completeness { whole, cut };  // whether the transport saw the end of the reply

struct SentBatch {
    std::uint32_t first_id = 1;
    std::size_t notifications = 0;
    Framing framing = Framing::array;
};

struct BatchReply {
    enum class Kind {
        matched,  // the slots are filled in as far as replies came
        refused,  // one error for all calls: nothing ran
        problem,  // not the reply to this POST: the slots mean nothing
    };
    Kind kind = Kind::matched;
    ErrorObject refusal;  // of refused
    // Of problem, and of matched if the text ends or stops being JSON before the array ends.
    std::string problem;
    std::size_t strays = 0;               // replies to ids that were not sent
    std::size_t duplicates = 0;           // second replies
    std::size_t notification_errors = 0;  // errors without an id that belong to notifications
    // The last error without an id, whichever request it belongs to; `whole` is empty if there was none.
    ErrorObject unattributed;
    Quirks quirks;
};

BatchReply match_batch(std::string_view text, Completeness completeness, const SentBatch& sent,
                       std::span<Slot> slots);

// Whether one error in reply to a whole batch says that nothing in it ran: the server refuses its size,
// batches as such or the rate of calls, or did not understand the request. An error that may have occurred
// while calls ran (a timeout, an internal error) does not say so.
bool refuses_all(const ErrorObject& error);

}  // namespace hail::rpc
