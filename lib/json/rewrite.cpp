#include "lib/json/rewrite.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/json/bytes.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::json {

namespace {

struct SortedMember {
    std::string name;
    std::string_view key;
    std::string_view value;
};

void append_sorted(std::string& out, std::string_view value, std::size_t depth);

void append_object(std::string& out, std::string_view object, std::size_t depth) {
    std::vector<SortedMember> all;
    for (Members members(object); members.next();) {
        all.push_back({unquote(members.key()), members.key(), members.value()});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const SortedMember& a, const SortedMember& b) { return a.name < b.name; });
    char before = '{';
    for (const SortedMember& member : all) {
        out += std::exchange(before, ',');
        out += member.key;
        out += ':';
        append_sorted(out, member.value, depth + 1);
    }
    out += all.empty() ? "{}" : "}";
}

void append_array(std::string& out, std::string_view array, std::size_t depth) {
    char before = '[';
    for (Elements elements(array); elements.next();) {
        out += std::exchange(before, ',');
        append_sorted(out, elements.value(), depth + 1);
    }
    out += before == '[' ? "[]" : "]";
}

void append_sorted(std::string& out, std::string_view value, std::size_t depth) {
    const Kind what = kind(value);
    if (depth >= most_sorted || (what != Kind::object && what != Kind::array)) {
        append_compact(out, value);
    } else if (what == Kind::object) {
        append_object(out, value, depth);
    } else {
        append_array(out, value, depth);
    }
}

bool tells_nothing(std::string_view value) {
    return value == "\"\"" || value == "null" || value == "true" || value == "false";
}

}  // namespace

// Only a name is followed by a colon.
void append_masked(std::string& out, std::string_view value, bool (*is_secret)(std::string_view name)) {
    const char* at = value.data();
    const char* const end = at + value.size();
    while (at != end) {
        if (*at != '"') {
            out += *at++;
            continue;
        }
        const char* const begin = at;
        at = string_end(at, end);
        const std::string_view name(begin, static_cast<std::size_t>(at - begin));
        out += name;
        const char* const colon = skip_space(at, end);
        if (colon == end || *colon != ':' || !is_secret(unquote(name))) {
            continue;
        }
        const char* const first = skip_space(colon + 1, end);
        out.append(at, first);
        at = value_end(first, end);
        const std::string_view secret(first, static_cast<std::size_t>(at - first));
        out += tells_nothing(secret) ? secret : "\"***\"";
    }
}

void append_compact(std::string& out, std::string_view value) {
    const char* at = value.data();
    const char* const end = at + value.size();
    while (at != end) {
        const char* const begin = at;
        if (*at == '"') {
            at = string_end(at, end);
        } else {
            while (at != end && *at != '"' && !is_space(*at)) {
                ++at;
            }
        }
        out.append(begin, at);
        at = skip_space(at, end);
    }
}

void append_sorted(std::string& out, std::string_view value) {
    append_sorted(out, trim(value), 0);
}

}  // namespace hail::json
