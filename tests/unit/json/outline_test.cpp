#include "lib/json/outline.h"

#include <doctest/doctest.h>

#include <string>

using namespace hail::json;

namespace {

// "key=value;" for each member that was noted.
std::string shown(const Outline& outline) {
    std::string text;
    for (const Outline::Member& member : outline) {
        text +=
            std::string(member.key, member.key_end) + "=" + std::string(member.value, member.value_end) + ";";
    }
    return text;
}

std::string noted(std::string_view object) {
    Outline outline;
    const auto problem = check(object, Encoding::utf8, outline);
    return problem ? std::string(problem->what) : shown(outline);
}

// The elements and the members of the objects among them, then the fault.
std::string elements_of(std::string_view array) {
    CheckedElements elements(array, Encoding::any);
    std::string text;
    while (elements.next()) {
        text += std::string(elements.value()) + "|" + shown(elements.outline());
    }
    return elements.problem() ? text + " " + std::string(elements.problem()->what) + " @" +
                                    std::to_string(elements.problem()->offset)
                              : text;
}

}  // namespace

TEST_CASE("outline: the outermost members are noted, with their bytes") {
    CHECK(noted(R"( { "a" : 1.10 ,"b":{"c":[1,"}"]}, "a":"\"" } )") ==
          R"("a"=1.10;"b"={"c":[1,"}"]};"a"="\"";)");
    CHECK(noted("{}").empty());
    CHECK(noted("[{\"a\":1}]").empty());
    CHECK(noted("{\"a\":1]") == "expected ',' or '}'");
}

TEST_CASE("outline: an object with more members than fit says so") {
    std::string object = "{\"k\":0";
    for (std::size_t i = 1; i < Outline::most; ++i) {
        object += ",\"k\":0";
    }
    Outline outline;
    CHECK_FALSE(check(object + "}", Encoding::utf8, outline).has_value());
    CHECK(outline.whole());
    CHECK_FALSE(check(object + ",\"k\":0}", Encoding::utf8, outline).has_value());
    CHECK_FALSE(outline.whole());
}

TEST_CASE("outline: the elements of an array are checked one by one") {
    CHECK(elements_of("[]").empty());
    CHECK(elements_of(R"([ {"id":1} , 2,{}]  )") == R"({"id":1}|"id"=1;2|{}|)");
    CHECK(elements_of(R"([{"id":1},{"id":2x)") == R"({"id":1}|"id"=1; expected ',' or '}' @17)");
    CHECK(elements_of("[1,]") == "1| expected a value @3");
    CHECK(elements_of("[1 2]") == "1| expected ',' or ']' @3");
    CHECK(elements_of("[1,2") == "1|2| the text ends too early @4");
    CHECK(elements_of("[1] x") == "1| unexpected text after the value @4");
}

TEST_CASE("outline: the depth counts from the outermost array") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    const std::string deepest = nested(most_depth);
    CheckedElements allowed(deepest, Encoding::any);
    CHECK(allowed.next());
    const std::string deeper = nested(most_depth + 1);
    CheckedElements refused(deeper, Encoding::any);
    CHECK_FALSE(refused.next());
    CHECK(refused.problem()->what == nested_too_deeply);
    Outline outline;
    CHECK(check("{\"a\":" + nested(most_depth) + "}", Encoding::any, outline)->what == nested_too_deeply);
}
