#include <compare>
#include <cstdint>
#include <string>

#include "lib/json/number.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

// Rewritten JSON is JSON on one line, rewriting it again changes nothing, and sorting loses no byte. A number
// equals itself, also with one more zero.

namespace {

using namespace hail;

void rewrite(std::string_view text) {
    std::string compact;
    json::append_compact(compact, text);
    require(json::is_json(compact) && compact.find('\n') == std::string::npos);
    std::string sorted;
    json::append_sorted(sorted, text);
    require(json::is_json(sorted) && sorted.size() == compact.size());
    std::string again;
    json::append_sorted(again, sorted);
    require(again == sorted);
}

void compare(std::string_view number) {
    const bool plain = number.find_first_of(".eE") == std::string_view::npos;
    const std::string longer = std::string(number) + (plain ? ".0" : "");
    require(json::compare_numbers(number, longer) == std::strong_ordering::equal);
    const auto order = json::compare_numbers(number, "12.5");
    const auto back = json::compare_numbers("12.5", number);
    require(std::is_lt(order) == std::is_gt(back) && std::is_eq(order) == std::is_eq(back));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!json::is_json(text)) {
        return 0;
    }
    rewrite(text);
    if (json::kind(text) == json::Kind::number) {
        compare(json::trim(text));
    }
    return 0;
}
