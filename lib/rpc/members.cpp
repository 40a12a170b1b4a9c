#include "lib/rpc/members.h"

#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::rpc {

namespace {

using Place = std::string_view MessageMembers::*;

// Null for any other name. Each comparison is of a few bytes of known number, which needs no call.
Place place_named(std::string_view name) {
    switch (name.size()) {
        case 2:
            return name == "id" ? &MessageMembers::id : nullptr;
        case 5:
            return name == "error" ? &MessageMembers::error : nullptr;
        case 6:
            return name == "method"   ? &MessageMembers::method
                   : name == "params" ? &MessageMembers::params
                   : name == "result" ? &MessageMembers::result
                                      : nullptr;
        case 7:
            return name == "jsonrpc" ? &MessageMembers::version : nullptr;
        default:
            return nullptr;
    }
}

Place place_of(std::string_view quoted_name) {
    const std::string_view name = quoted_name.substr(1, quoted_name.size() - 2);
    const Place place = place_named(name);
    const bool escaped = place == nullptr && name.find('\\') != std::string_view::npos;
    return escaped ? place_named(json::unquote(quoted_name)) : place;
}

void note(MessageMembers& found, std::string_view key, std::string_view value) {
    const Place place = place_of(key);
    if (place == nullptr) {
        return;
    }
    if (!(found.*place).empty()) {
        found.twice = true;
        found.id_twice = found.id_twice || place == &MessageMembers::id;
    }
    found.*place = value;
}

std::string_view span(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

MessageMembers read_members(std::string_view object) {
    MessageMembers found;
    found.whole = json::trim(object);
    json::Members members(object);
    while (members.next()) {
        note(found, members.key(), members.value());
    }
    return found;
}

MessageMembers read_members(std::string_view object, const json::Outline& outline) {
    if (!outline.whole()) {
        return read_members(object);
    }
    MessageMembers found;
    found.whole = json::trim(object);
    for (const json::Outline::Member& member : outline) {
        note(found, span(member.key, member.key_end), span(member.value, member.value_end));
    }
    return found;
}

bool is_request(std::string_view text) {
    return !json::check(text, json::Encoding::any) && json::kind(text) == json::Kind::object &&
           !read_members(text).method.empty();
}

}  // namespace hail::rpc
