// check() agrees with another strict parser, spans stay inside the text, and strings survive unquote and
// quote. The readers that check on the way find the same faults, members and elements as those that walk over
// text that was checked before.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lib/base/text.h"
#include "lib/json/outline.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "tests/fuzz/require.h"

using namespace hail;

namespace {

bool accepts(const std::string& text) {
    try {
        return !nlohmann::json::parse(text).is_discarded();
    } catch (const nlohmann::json::parse_error&) {
        return false;
    } catch (const nlohmann::json::out_of_range&) {
        return json::is_json(text);  // no double holds this number, so there is nothing to compare with
    }
}

// Visits a value, and the values and strings in it, a few levels deep.
void walk(std::string_view value, int depth) {
    require(json::is_json(value));
    const json::Kind kind = json::kind(value);
    if (kind == json::Kind::string) {
        const std::string text = json::unquote(value);
        require(base::is_utf8(text));
        require(json::equals(value, text));
        require(json::unquote(json::quote(text)) == text);
        require(json::is_json(json::quote(text)));
    }
    if (depth == 0) {
        return;
    }
    if (kind == json::Kind::object) {
        for (json::Members members(value); members.next();) {
            walk(members.key(), 0);
            walk(members.value(), depth - 1);
        }
    }
    if (kind == json::Kind::array) {
        for (json::Elements elements(value); elements.next();) {
            walk(elements.value(), depth - 1);
        }
    }
}

bool same(const std::optional<json::Problem>& one, const std::optional<json::Problem>& other) {
    return one.has_value() == other.has_value() &&
           (!one || (one->offset == other->offset && one->what == other->what));
}

void compare_members(std::string_view object, const json::Outline& outline) {
    json::Members members(object);
    for (const json::Outline::Member& noted : outline) {
        require(members.next());
        require(noted.key == members.key().data() && noted.key_end == noted.key + members.key().size());
        require(noted.value == members.value().data() &&
                noted.value_end == noted.value + members.value().size());
    }
    require(members.next() != outline.whole());
}

void compare_readers(std::string_view text, json::Encoding encoding) {
    const auto problem = json::check(text, encoding);
    json::Outline outline;
    require(same(problem, json::check(text, encoding, outline)));
    if (!problem && json::kind(text) == json::Kind::object) {
        compare_members(text, outline);
    }
    if (!text.starts_with('[')) {
        return;
    }
    json::CheckedElements checked(text, encoding);
    json::Elements elements(problem ? "[]" : text);
    while (checked.next()) {
        require(!json::check(checked.value(), encoding));
        require(problem || (elements.next() && elements.value() == checked.value()));
        if (checked.value().starts_with('{')) {
            compare_members(checked.value(), checked.outline());
        }
    }
    require(same(problem, checked.problem()) && !elements.next());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(
        data, data + size);  // a copy of the exact size, so that reading past its end is detected
    compare_readers(text, json::Encoding::utf8);
    compare_readers(text, json::Encoding::any);
    const auto problem = json::check(text);
    require(!problem || problem->offset <= size);
    if (!problem) {
        walk(json::trim(text), 4);
        require(!json::check(text, json::Encoding::any));
    }
    // The other parser skips a byte order mark, stops at NUL, and rejects lone surrogates.
    const bool comparable = text.find('\0') == text.npos && !text.starts_with("\xEF\xBB\xBF") &&
                            base::lower(text).find("\\ud") == text.npos;
    if (comparable && base::is_utf8(text) && (!problem || problem->what != "nested too deeply")) {
        require(accepts(text) == !problem);
    }
    return 0;
}
