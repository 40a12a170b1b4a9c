// Giving the replies of one POST to the calls in it, by id, in whatever order they came.
//
// Shape:   the calls of one POST have consecutive wire ids from `first_id`, a slot each in the same order;
//          notifications have neither. Spans point into the reply text. Nothing is allocated per reply.
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
    bool duplicated = false;    // a second reply came, and was dropped
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
        refused,  // one error for all: nothing ran
        problem,  // not the reply to this POST: nothing can be said of the slots
    };
    Kind kind = Kind::matched;
    ErrorObject refusal;  // of refused
    std::string
        problem;  // of problem, and of matched where the text ends or goes wrong before the array does
    std::size_t strays = 0;               // replies to ids that were not sent
    std::size_t duplicates = 0;           // second replies
    std::size_t notification_errors = 0;  // errors without an id that belong to notifications
    ErrorObject
        unattributed;  // the last error without an id, whomever it belongs to; whole is empty if there was none
    Quirks quirks;
};

BatchReply match_batch(std::string_view text, Completeness completeness, const SentBatch& sent,
                       std::span<Slot> slots);

// Whether one error that answers a whole batch says that nothing of it ran: its size, batches as such, or the
// rate of calls are refused, or the request was not understood. An error that may have come up while calls
// ran (a timeout, an internal error) is none.
bool refuses_all(const ErrorObject& error);

}  // namespace hail::rpc
