// Requests, written by hail or passed on for a user. A user's request gets another id and stays otherwise the
// same.
//
// Shape:   all text is JSON; spans point into the given text.
// Throws:  nothing; a fault in a request is a value, because it may be one of many.
// Source:  JSON-RPC 2.0 specification, section 4.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/json/outline.h"

namespace hail::rpc {

// The largest id on the wire: servers round, truncate or refuse wider ones (reference: id probes).
inline constexpr std::uint32_t max_wire_id = 0x7FFF'FFFF;

// Writes {"jsonrpc":"2.0","id":…,"method":…,"params":…}. The method is plain text; empty params are left out;
// an empty id makes a notification. The members of an object, if there is one, follow the params.
struct Call {
    std::string_view method;
    std::string_view params;
    std::string_view id;
    std::string_view members = {};
};
std::string write_request(const Call& call);

// A user's request after one pass over it.
struct Request {
    std::string_view text;     // from '{' to '}'
    std::string_view id;       // its value's bytes; empty: a notification
    std::string_view method;   // its value's bytes, with the quotes
    bool has_version = false;  // it has a member "jsonrpc", whatever its value

    bool is_notification() const { return id.empty(); }
};

struct RequestReading {
    Request request;
    std::string problem;  // empty: the request may be sent
};
// Takes a value that json::check() accepted, without white space around it, and the members that were noted
// on the way.
RequestReading read_request(std::string_view value, const json::Outline& outline);
RequestReading read_request(std::string_view text);  // takes text that json::check() accepted

// Appends the request with the wire id in place of the user's, and adds the member "jsonrpc" if it is
// missing. Every other byte is the user's. A notification has no id to replace.
void append_request(std::string& out, const Request& request, std::uint32_t wire_id);

}  // namespace hail::rpc
