#include "lib/json/rewrite.h"

#include <doctest/doctest.h>

using namespace hail::json;

namespace {

std::string sorted(std::string_view text) {
    std::string out;
    append_sorted(out, text);
    return out;
}

std::string compact(std::string_view text) {
    std::string out;
    append_compact(out, text);
    return out;
}

}  // namespace

TEST_CASE("rewrite: sorting re-orders members and changes no value") {
    CHECK(sorted(R"( {"b": 1.10, "a" : [ {"d":1e400,"c":"\u00fc x"} ] })") ==
          R"({"a":[{"c":"\u00fc x","d":1e400}],"b":1.10})");
    CHECK(sorted("[3, 1, 2]") == "[3,1,2]");
    CHECK(sorted("{}") == "{}");
    CHECK(sorted("[ ]") == "[]");
    CHECK(sorted(" 12 ") == "12");
}

TEST_CASE("rewrite: members of the same name keep their order") {
    CHECK(sorted(R"({"k":1,"a":0,"k":2})") == R"({"a":0,"k":1,"k":2})");
}

TEST_CASE("rewrite: names are decoded before they are compared") {
    CHECK(sorted(R"({"b":1,"\u0061":2})") == R"({"\u0061":2,"b":1})");
}

TEST_CASE("rewrite: nesting beyond the limit keeps its order") {
    const std::string deep =
        std::string(most_sorted, '[') + R"({"b":1,"a":2})" + std::string(most_sorted, ']');
    CHECK(sorted(deep) == deep);
}

TEST_CASE("rewrite: the values of secret members are masked, whatever they are, and all else stays") {
    const auto masked = [](std::string_view text) {
        std::string out;
        append_masked(out, text, [](std::string_view name) { return name == "pw"; });
        return out;
    };
    CHECK(masked(R"( {"pw" : "a\"b", "a":[1.10,{"p\u0077":12}],"pw":{"x":["}"]},"b":"pw" } )") ==
          R"( {"pw" : "***", "a":[1.10,{"p\u0077":"***"}],"pw":"***","b":"pw" } )");
    CHECK(masked(R"({"pw":"","a":{"pw":null}, "b":["pw", {"pw":[]}]})") ==
          R"({"pw":"","a":{"pw":null}, "b":["pw", {"pw":"***"}]})");
    CHECK(masked("\"pw\"") == "\"pw\"");
}

TEST_CASE("rewrite: white space is removed, except in strings") {
    CHECK(compact("{ \"a b\" : [ 1 ,\r\n\t\"\\\" \\\\\" , null ] }\n") == R"({"a b":[1,"\" \\",null]})");
    CHECK(compact("") == "");
}
