// The members of one JSON-RPC object, a request or a reply.
//
// Shape:   takes an object that json::check() accepted. The members are spans of the values' bytes, empty if
//          a member is missing; a later member of the same name replaces an earlier one.
// Throws:  nothing.

#pragma once

#include <string_view>

#include "lib/json/outline.h"

namespace hail::rpc {

struct MessageMembers {
    std::string_view whole;    // from '{' to '}'
    std::string_view version;  // "jsonrpc"
    std::string_view id;
    std::string_view method;
    std::string_view params;
    std::string_view result;
    std::string_view error;
    bool twice = false;  // one of these appears more than once
    bool id_twice = false;
};

MessageMembers read_members(std::string_view object);

// The same, from the members that were noted when the object was checked. The text is from '{' to '}'.
MessageMembers read_members(std::string_view object, const json::Outline& outline);

// Whether the text, which need not be JSON, is an object with a method: a request or a notification.
bool is_request(std::string_view text);

// Whether a member is missing or null.
inline bool is_nothing(std::string_view value) {
    return value.empty() || value == "null";
}

inline bool is_string(std::string_view value) {
    return !value.empty() && value.front() == '"';
}

}  // namespace hail::rpc
