#include "lib/rpc/members.h"

#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::rpc {

namespace {

// The member of this name, or null for any other name. Each comparison is of a few bytes of known number,
// which needs no call.
std::string_view* place_named(MessageMembers& members, std::string_view name) {
    switch (name.size()) {
        case 2:
            return name == "id" ? &members.id : nullptr;
        case 5:
            return name == "error" ? &members.error : nullptr;
        case 6:
            return name == "method"   ? &members.method
                   : name == "params" ? &members.params
                   : name == "result" ? &members.result
                                      : nullptr;
        case 7:
            return name == "jsonrpc" ? &members.version : nullptr;
        default:
            return nullptr;
    }
}

void note(MessageMembers& found, std::string_view key, std::string_view value) {
    const std::string_view name = key.substr(1, key.size() - 2);
    std::string_view* place = place_named(found, name);
    if (place == nullptr) {
        if (name.find('\\') == name.npos) {
            return;
        }
        place = place_named(found, json::unquote(key));
        if (place == nullptr) {
            return;
        }
    }
    if (!place->empty()) {
        found.twice = true;
        found.id_twice = found.id_twice || place == &found.id;
    }
    *place = value;
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
    found.whole = object;
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
