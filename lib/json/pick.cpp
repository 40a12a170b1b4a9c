#include "lib/json/pick.h"

#include "lib/json/scan.h"

namespace hail::json {

namespace {

void pick_members(std::string_view object, std::string_view key, std::vector<std::string_view>& out) {
    for (Members members(object); members.next();) {
        if (members.key_is(key)) {
            out.push_back(members.value());
        }
    }
}

void pick_elements(std::string_view array, const Segment& segment, std::vector<std::string_view>& out) {
    std::size_t index = 0;
    for (Elements elements(array); elements.next(); ++index) {
        if (segment.kind == Segment::Kind::append) {
            out.push_back(elements.value());
        } else if (index == segment.index) {
            out.push_back(elements.value());
            return;
        }
    }
}

}  // namespace

std::vector<std::string_view> pick(std::string_view document, const Path& path) {
    std::vector<std::string_view> found{trim(document)};
    for (const Segment& segment : path.segments) {
        std::vector<std::string_view> next;
        for (const std::string_view value : found) {
            const Kind what = kind(value);
            if (segment.kind == Segment::Kind::key && what == Kind::object) {
                pick_members(value, segment.key, next);
            } else if (segment.kind != Segment::Kind::key && what == Kind::array) {
                pick_elements(value, segment, next);
            }
        }
        found = std::move(next);
    }
    return found;
}

}  // namespace hail::json
