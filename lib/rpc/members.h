// The members of one JSON-RPC object, request or reply, found in one pass.
//
// Shape:   takes an object that json::check() accepted. Spans of the values' bytes, empty where a member is
//          missing; a later member of the same name replaces an earlier one.
// Throws:  nothing.

#pragma once

#include <string_view>

namespace hail::rpc {

struct MessageMembers {
    std::string_view whole;    // from '{' to '}'
    std::string_view version;  // "jsonrpc"
    std::string_view id;
    std::string_view method;
    std::string_view params;
    std::string_view result;
    std::string_view error;
    bool twice = false;  // one of these is there more than once
    bool id_twice = false;
};

MessageMembers read_members(std::string_view object);

// Whether any text is an object with a method: a request or a notification.
bool is_request(std::string_view text);

// A member that is missing or null.
inline bool is_nothing(std::string_view value) {
    return value.empty() || value == "null";
}

inline bool is_string(std::string_view value) {
    return !value.empty() && value.front() == '"';
}

}  // namespace hail::rpc
