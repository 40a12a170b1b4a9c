#include "lib/json/path.h"

#include <doctest/doctest.h>

#include "lib/json/build.h"
#include "lib/json/pick.h"

using namespace hail::json;

namespace {

// The segments in words: "key a, index 0, append".
std::string words(std::string_view text) {
    const ParsedPath parsed = parse_path(text);
    if (parsed.problem) {
        return parsed.problem->what + " @" + std::to_string(parsed.problem->begin);
    }
    std::string out;
    for (const Segment& segment : parsed.path.segments) {
        out += out.empty() ? "" : ", ";
        switch (segment.kind) {
            case Segment::Kind::key:
                out += "key " + segment.key;
                break;
            case Segment::Kind::index:
                out += "index " + std::to_string(segment.index);
                break;
            case Segment::Kind::append:
                out += "append";
                break;
        }
    }
    return out;
}

struct Pair {
    std::string_view path;
    std::string_view value;
};

std::string built(std::initializer_list<Pair> pairs) {
    Builder builder;
    for (const auto& [path, value] : pairs) {
        const ParsedPath parsed = parse_path(path);
        REQUIRE_FALSE(parsed.problem.has_value());
        if (const auto problem = builder.set(parsed.path, value)) {
            return problem->what;
        }
    }
    return builder.text();
}

std::string picked(std::string_view document, std::string_view path) {
    std::string out;
    for (const std::string_view value : pick(document, parse_path(path).path)) {
        out += std::string(value) + ";";
    }
    return out;
}

}  // namespace

TEST_CASE("path: keys, indexes and appends are parsed") {
    CHECK(words("a") == "key a");
    CHECK(words("") == "key ");
    CHECK(words("a[b][0][]") == "key a, key b, index 0, append");
    CHECK(words("[]") == "append");
    CHECK(words("[2][k]") == "index 2, key k");
    CHECK(words("5[x]") == "key 5, key x");
    CHECK(words("-1") == "key -1");
    CHECK(words("[01]") == "index 1");
    CHECK(words("a[ 1 ][+1][1_0][1x]") == "key a, key  1 , key +1, key 1_0, key 1x");
}

TEST_CASE("path: backslashes make operators and numbers text") {
    CHECK(words("a\\[b\\]") == "key a[b]");
    CHECK(words("a[\\[][\\\\]") == "key a, key [, key \\");
    CHECK(words("a[\\1][\\-1]") == "key a, key 1, key -1");
    CHECK(words("\\5") == "key 5");
    CHECK(words("f\\o\\\\") == "key f\\o\\");
}

TEST_CASE("path: a fault is reported with its place") {
    CHECK(words("a[b") == "expected ']' @3");
    CHECK(words("a]b") == "expected '[' @1");
    CHECK(words("a[b]c") == "expected '[' @4");
    CHECK(words("a[b]]") == "expected '[' @4");
    CHECK(words("[a]") == "expected a number or ']' @1");
    CHECK(words("[\\1]") == "expected a number or ']' @1");
    CHECK(words("[[") == "expected a number or ']' @1");
    CHECK(words("a[") == "expected a key, a number or ']' @2");
    CHECK(words("]") == "expected a key, a number or '[' @0");
    CHECK(words("a[b[c]]") == "expected ']' @3");
    CHECK(words("a[-1]") == "an index cannot be negative @2");
    CHECK(words("[-1]") == "an index cannot be negative @1");
    CHECK(words("a[65535]") == "key a, index 65535");
    CHECK(words("a[65536]") == "an index is at most 65535 @2");
    CHECK(words("a[99999999999999999999999]") == "an index is at most 65535 @2");
    CHECK(parse_path("a[-1]").problem->mend == "for the key \"-1\", write [\\-1]");
    std::string deep = "a";
    for (int i = 0; i < 2000; ++i) {
        deep += "[]";
    }
    CHECK(words(deep) == "more than 1000 segments @1999");
}

TEST_CASE("build: objects and arrays grow by path, in order") {
    CHECK(built({{"a", "\"1\""}, {"b", "1.10"}}) == R"({"a":"1","b":1.10})");
    CHECK(built({{"a", "1"}, {"b", "2"}, {"a", "3"}}) == R"({"a":3,"b":2})");
    CHECK(built({{"a[b][c]", "1"}}) == R"({"a":{"b":{"c":1}}})");
    CHECK(built({{"a[]", "1"}, {"a[]", "2"}}) == R"({"a":[1,2]})");
    CHECK(built({{"a[1]", "1"}, {"a[0]", "2"}}) == R"({"a":[2,1]})");
    CHECK(built({{"a[1]", "1"}}) == R"({"a":[null,1]})");
    CHECK(built({{"a[][k]", "1"}, {"a[][m]", "2"}}) == R"({"a":[{"k":1},{"m":2}]})");
    CHECK(built({{"a[0][k]", "1"}, {"a[0][m]", "2"}}) == R"({"a":[{"k":1,"m":2}]})");
    CHECK(built({{"[]", "1"}, {"[]", "2"}}) == "[1,2]");
    CHECK(built({{"[2]", "1"}}) == "[null,null,1]");
    CHECK(built({{"", "1"}}) == R"({"":1})");
    CHECK(built({{"a[b]", "1"}, {"a", "2"}}) == R"({"a":2})");
}

TEST_CASE("build: a path merges into a raw value and leaves the rest untouched") {
    CHECK(built({{"a", R"( {"k" : 1,"k":2} )"}}) == R"({"a":{"k" : 1,"k":2}})");
    CHECK(built({{"a", R"({"k":1})"}, {"a[m]", "2"}}) == R"({"a":{"k":1,"m":2}})");
    CHECK(built({{"a", R"({"k":1, "x":[ 1.10 ],"k":2})"}, {"a[k]", "3"}}) ==
          R"({"a":{"k":1,"x":[ 1.10 ],"k":3}})");
    CHECK(built({{"a", R"({"\u006b":1})"}, {"a[k]", "3"}}) == R"({"a":{"\u006b":3}})");
    CHECK(built({{"a", "[1,2]"}, {"a[]", "3"}}) == R"({"a":[1,2,3]})");
    CHECK(built({{"a", "[1,2]"}, {"a[5]", "3"}}) == R"({"a":[1,2,null,null,null,3]})");
    CHECK(built({{"a", "null"}, {"a[b]", "1"}}) == R"({"a":{"b":1}})");
    CHECK(built({{"a", "[null]"}, {"a[0][b]", "1"}}) == R"({"a":[{"b":1}]})");
    CHECK(built({{"a[]", "[]"}}) == R"({"a":[[]]})");
}

TEST_CASE("build: a path that does not fit names both kinds") {
    CHECK(built({{"a", "\"2\""}, {"a[b]", "1"}}) == "'a' is a string, but a key needs an object");
    CHECK(built({{"a[]", "1"}, {"a[b]", "2"}}) == "'a' is an array, but a key needs an object");
    CHECK(built({{"a[b]", "1"}, {"a[]", "2"}}) == "'a' is an object, but [] needs an array");
    CHECK(built({{"[]", "1"}, {"a", "2"}}) == "the document is an array, but a key needs an object");
    CHECK(built({{"a", "1"}, {"[0]", "2"}}) == "the document is an object, but an index needs an array");
    CHECK(built({{"a[b]", "true"}, {"a[b][c][d]", "2"}}) == "'a[b]' is a boolean, but a key needs an object");
}

TEST_CASE("build: a path that does not fit sets nothing") {
    Builder builder;
    CHECK(builder.empty());
    REQUIRE_FALSE(builder.set(parse_path("a[b]").path, "1").has_value());
    REQUIRE(builder.set(parse_path("a[b][c]").path, "1").has_value());
    CHECK(builder.text() == R"({"a":{"b":1}})");
}

TEST_CASE("pick: matches are unchanged spans, one for each element of an array") {
    const std::string_view document =
        R"( {"items":[{"id": 1.10,"t":["x"]},{"id":"b"},{"no":0},{"id":[ ]}],"n":null,"k":1,"k":2} )";
    CHECK(picked(document, "items[][id]") == R"(1.10;"b";[ ];)");
    CHECK(picked(document, "items[1]") == R"({"id":"b"};)");
    CHECK(picked(document, "items[0][t][]") == R"("x";)");
    CHECK(picked(document, "k") == "1;2;");
    CHECK(picked(document, "n") == "null;");
    CHECK(picked(document, "items[9]").empty());
    CHECK(picked(document, "items[id]").empty());
    CHECK(picked(document, "k[x]").empty());
    CHECK(picked("[1,2]", "[]") == "1;2;");
    CHECK(picked("7", "a").empty());
}

TEST_CASE("builder: thousands of members are set in a time that grows with their number") {
    Builder builder;
    const std::size_t count = 100'000;  // a walk over all of them for each would take minutes
    for (std::size_t i = 0; i < count; ++i) {
        REQUIRE_FALSE(builder.set(parse_path("k" + std::to_string(i)).path, "1"));
    }
    REQUIRE_FALSE(builder.set(parse_path("k7").path, "2"));
    CHECK(builder.text().starts_with(R"({"k0":1,"k1":1,"k2":1,"k3":1,"k4":1,"k5":1,"k6":1,"k7":2,)"));
}

TEST_CASE("builder: the last of two equal names is set, however it is written") {
    Builder builder;
    REQUIRE_FALSE(builder.set(parse_path("o").path, R"({"a":1,"\u0061":2})"));
    REQUIRE_FALSE(builder.set(parse_path("o[a]").path, "3"));
    CHECK(builder.text() == R"({"o":{"a":1,"\u0061":3}})");
}
