#include "lib/json/compare.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lib/json/number.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::json {

namespace {

using Named = std::pair<std::string, std::string_view>;

// The members sorted by name, each name once and with its last value.
std::vector<Named> members_of(std::string_view object) {
    std::vector<Named> all;
    for (Members members(object); members.next();) {
        all.emplace_back(unquote(members.key()), members.value());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Named& a, const Named& b) { return a.first < b.first; });
    std::vector<Named> last;
    for (Named& member : all) {
        if (!last.empty() && last.back().first == member.first) {
            last.back().second = member.second;
        } else {
            last.push_back(std::move(member));
        }
    }
    return last;
}

bool equal(std::string_view a, std::string_view b, int depth);

bool equal_objects(std::string_view a, std::string_view b, int depth) {
    const std::vector<Named> left = members_of(a);
    const std::vector<Named> right = members_of(b);
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](const Named& x, const Named& y) {
                          return x.first == y.first && equal(x.second, y.second, depth);
                      });
}

bool equal_arrays(std::string_view a, std::string_view b, int depth) {
    Elements left(a);
    Elements right(b);
    while (true) {
        const bool more = left.next();
        if (more != right.next()) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (!equal(left.value(), right.value(), depth)) {
            return false;
        }
    }
}

bool equal(std::string_view a, std::string_view b, int depth) {
    const Kind what = kind(a);
    if (what != kind(b)) {
        return false;
    }
    if (depth == most_compared) {
        return a == b;
    }
    switch (what) {
        case Kind::number:
            return compare_numbers(a, b) == std::strong_ordering::equal;
        case Kind::string:
            return unquote(a) == unquote(b);
        case Kind::object:
            return equal_objects(a, b, depth + 1);
        case Kind::array:
            return equal_arrays(a, b, depth + 1);
        default:
            return a == b;
    }
}

}  // namespace

bool equal(std::string_view a, std::string_view b) {
    return equal(trim(a), trim(b), 0);
}

}  // namespace hail::json
