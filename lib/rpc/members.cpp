#include "lib/rpc/members.h"

#include <array>
#include <utility>

#include "lib/json/scan.h"

namespace hail::rpc {

namespace {

using Place = std::string_view MessageMembers::*;

constexpr std::array<std::pair<std::string_view, Place>, 6> places{{
    {"id", &MessageMembers::id},
    {"error", &MessageMembers::error},
    {"method", &MessageMembers::method},
    {"params", &MessageMembers::params},
    {"result", &MessageMembers::result},
    {"jsonrpc", &MessageMembers::version},
}};

Place place_of(std::string_view quoted_name) {
    const std::string_view name = quoted_name.substr(1, quoted_name.size() - 2);
    for (const auto& [known, place] : places) {
        if (name == known) {
            return place;
        }
    }
    if (name.find('\\') == std::string_view::npos) {
        return nullptr;
    }
    for (const auto& [known, place] : places) {
        if (json::equals(quoted_name, known)) {
            return place;
        }
    }
    return nullptr;
}

}  // namespace

MessageMembers read_members(std::string_view object) {
    MessageMembers found;
    found.whole = json::trim(object);
    json::Members members(object);
    while (members.next()) {
        const Place place = place_of(members.key());
        if (place == nullptr) {
            continue;
        }
        if (!(found.*place).empty()) {
            found.twice = true;
            found.id_twice = found.id_twice || place == &MessageMembers::id;
        }
        found.*place = members.value();
    }
    return found;
}

bool is_request(std::string_view text) {
    return !json::check(text, json::Encoding::any) && json::kind(text) == json::Kind::object &&
           !read_members(text).method.empty();
}

}  // namespace hail::rpc
