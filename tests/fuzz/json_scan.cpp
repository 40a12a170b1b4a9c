// check() agrees with another strict parser, spans stay inside the text, and strings survive unquote and
// quote.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

using namespace hail;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(
        data, data + size);  // a copy of the exact size, so that reading past its end is detected
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
