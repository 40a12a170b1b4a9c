#include "lib/json/number.h"

#include <doctest/doctest.h>

using namespace hail::json;

namespace {

bool same(std::string_view a, std::string_view b) {
    return compare_numbers(a, b) == std::strong_ordering::equal &&
           compare_numbers(b, a) == std::strong_ordering::equal;
}

bool less(std::string_view a, std::string_view b) {
    return compare_numbers(a, b) == std::strong_ordering::less &&
           compare_numbers(b, a) == std::strong_ordering::greater;
}

}  // namespace

TEST_CASE("number: one value in different notations is equal") {
    CHECK(same("1", "1.0"));
    CHECK(same("100", "1e2"));
    CHECK(same("100", "1E+2"));
    CHECK(same("0.001", "1e-3"));
    CHECK(same("-0", "0"));
    CHECK(same("0e5", "0.00"));
    CHECK(same("120e-1", "12"));
    CHECK(same("0.10e1", "1"));
}

TEST_CASE("number: values beyond any machine number are compared exactly") {
    CHECK(less("12345678901234567890123", "12345678901234567890124"));
    CHECK(less("0.30000000000000000000001", "0.30000000000000000000002"));
    CHECK(less("1e400", "1e401"));
    CHECK(less("9e99999999999999999999", "1e99999999999999999999") == false);
}

TEST_CASE("number: sign and size decide the order") {
    CHECK(less("-1", "0"));
    CHECK(less("-2", "-1"));
    CHECK(less("-1", "1"));
    CHECK(less("9", "10"));
    CHECK(less("0.9", "1"));
    CHECK(less("99", "100.5"));
    CHECK(less("1.5", "1.55"));
    CHECK(less("-1.55", "-1.5"));
}
