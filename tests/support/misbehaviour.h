// What a bad JSON-RPC server does with a POST: which of its calls it executes, and what it sends or does not
// send. The calls are those of the tests: {"jsonrpc":"2.0","method":"m","params":[N],"id":N}, in a batch or
// alone, where N names the call.
//
// Shape:   a pure function of the seed, the first call of the POST and how often that call has come: the same
//          run meets the same server, however its POSTs are timed.
// Source:  how servers refuse batches and lose replies: reference of JSON-RPC, section 1.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hail::support {

struct PeerHabits {
    std::uint32_t seed = 1;
    std::uint32_t faults = 0;     // among 1000 POSTs
    std::uint32_t bad_items = 0;  // among 1000 calls of a batch
    std::size_t batch_limit = 0;  // larger batches are refused, in a shape that varies; 0: no limit
    bool stalls = true;           // which costs the client its time limit
};

// What happens to one POST.
struct Treatment {
    std::vector<std::size_t> executed;  // the names of the calls
    std::string reply;                  // the bytes to send, a part of a reply if it is cut off
    enum class Then { keep, finish, reset, stall } then = Then::keep;  // after the reply
    bool late = false;                                                 // the reply waits for others
};

// `times` counts how often the first call of the body has come, from 0.
Treatment treat(const PeerHabits& habits, std::string_view body, std::size_t times);

// The name of the first call of a body.
std::size_t first_call(std::string_view body);

}  // namespace hail::support
