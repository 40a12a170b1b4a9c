// Requests: writing our own, and passing a user's own on with another id and nothing else changed.
//
// Shape:   all text is JSON; spans point into the text that was given.
// Throws:  nothing; what is wrong with a request is a value, because it may be one of many.
// Source:  JSON-RPC 2.0 specification, section 4.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hail::rpc {

// The greatest id that goes on the wire: servers round, truncate or refuse wider ones (reference: id probes).
inline constexpr std::uint32_t max_wire_id = 0x7FFF'FFFF;

// Writes {"jsonrpc":"2.0","id":…,"method":…,"params":…}. method is plain text; an empty params is left out;
// an empty id makes a notification.
struct Call {
    std::string_view method;
    std::string_view params;
    std::string_view id;
};
std::string write_request(const Call& call);

// A user's request, looked through once.
struct Request {
    std::string_view text;     // from '{' to '}'
    std::string_view id;       // its value's bytes; empty: a notification
    std::string_view method;   // its value's bytes, with the quotes
    bool has_version = false;  // a member "jsonrpc" is there, whatever it says

    bool is_notification() const { return id.empty(); }
};

struct RequestReading {
    Request request;
    std::string problem;  // empty: the request may be sent
};
RequestReading read_request(std::string_view text);  // of text that json::check() accepted

// Appends the request with the id on the wire in place of the user's, and with the member "jsonrpc" where it
// is missing. Every other byte is the user's. A notification has no id to replace.
void append_request(std::string& out, const Request& request, std::uint32_t wire_id);

}  // namespace hail::rpc
