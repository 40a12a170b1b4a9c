// Replies as servers really send them: read tolerantly, with a name for each deviation.
//
// Shape:   spans point into the given text and are exactly the bytes received: number text, key order and
//          duplicate keys stay the same.
// Throws:  nothing; a reply that cannot be read is a value.
// Source:  JSON-RPC 2.0 specification, section 5; the table of server behaviour from which
//          tests/data/rpc_reply.cases is taken.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/rpc/members.h"

namespace hail::rpc {

// A deviation that a strict reader would refuse.
enum class Quirk : std::uint32_t {
    byte_order_mark = 1U << 0,
    event_stream = 1U << 1,  // wrapped as text/event-stream
    // The form of JSON-RPC 1.x: no version, and both a result and an error, one of them null.
    version_1 = 1U << 2,
    no_version = 1U << 3,        // the member jsonrpc is missing, and the form is not that of 1.x
    other_version = 1U << 4,     // the member jsonrpc is not "2.0"
    null_error = 1U << 5,        // error: null beside a result
    null_result = 1U << 6,       // result: null beside an error
    result_and_error = 1U << 7,  // both, neither null: the error counts
    id_as_string = 1U << 8,      // "7" for 7, or 7 for "7"
    id_number_form = 1U << 9,    // 7.0 for 7
    id_null = 1U << 10,          // null although the id was known
    id_missing = 1U << 11,
    error_not_object = 1U << 12,  // an error that is a string or something else
    error_incomplete = 1U << 13,  // no integer code, or no message text
    member_twice = 1U << 14,      // the last one counts
    in_array = 1U << 15,          // the only element of an array
};

class Quirks {
  public:
    void add(Quirk quirk) { bits_ |= static_cast<std::uint32_t>(quirk); }
    void add(Quirks others) { bits_ |= others.bits_; }
    bool has(Quirk quirk) const { return (bits_ & static_cast<std::uint32_t>(quirk)) != 0; }
    bool empty() const { return bits_ == 0; }

    // Without the event stream, for which hail itself asks.
    Quirks breaches() const;

    // In the order of the enum.
    std::vector<Quirk> list() const;

    friend bool operator==(Quirks, Quirks) = default;

  private:
    std::uint32_t bits_ = 0;
};

std::string_view name(Quirk quirk);         // the enumerator
std::string_view description(Quirk quirk);  // "it has no member \"jsonrpc\""

// Whether the user should be warned of a quirk that was tolerated: true for all but the form of 1.x and an
// event stream, which are legitimate although the specification of 2.0 does not have them.
bool deserves_warning(Quirk quirk);

// The error of a reply, as spans: code and data are JSON bytes (empty: absent), as they came and of any kind;
// message is JSON bytes, whole is the value of the member "error".
struct ErrorObject {
    std::string_view code;
    std::string_view message;
    std::string_view data;
    std::string_view whole;

    // The code as a number; 0 if it is missing or not an integer that fits.
    std::int64_t number() const;
    // The decoded message; the whole value if there is no message text.
    std::string text() const;
};

// The quirks of the object itself, whatever its id.
Quirks quirks_of_form(const MessageMembers& members);

// Reads the value of a member "error".
ErrorObject read_error(std::string_view value, Quirks& quirks);

// One printable, shortened line for a person: "code -32601: Method not found (data: …)".
std::string one_line(const ErrorObject& error);

enum class IdMatch { exact, as_string, number_form, none };

// Compares the id that was sent with the one that came. Both are JSON bytes.
IdMatch match_id(std::string_view sent, std::string_view came);

struct Reply {
    enum class Kind { result, error, problem };
    Kind kind = Kind::problem;
    bool empty = false;       // of Kind::problem: nothing but white space came
    std::string_view whole;   // from '{' to '}'
    std::string_view result;  // of Kind::result
    ErrorObject error;        // of Kind::error
    Quirks quirks;
    std::string problem;              // of Kind::problem: "the reply is not JSON: …"
    std::vector<std::string> others;  // of an event stream: requests and notifications before the reply
    std::unique_ptr<const std::string> unwrapped;  // of an event stream: the text that the spans point into
};

// Reads one message as the reply to the call with this id (JSON bytes; empty: a notification, to which any
// error belongs).
Reply read_message(std::string_view text, std::string_view id);

// The same for the body of a reply, which may be an event stream.
Reply read_reply(std::string_view text, std::string_view id);

}  // namespace hail::rpc
