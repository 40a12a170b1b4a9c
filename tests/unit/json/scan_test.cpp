#include "lib/json/scan.h"

#include <doctest/doctest.h>

#include "lib/json/string.h"

using namespace hail::json;
using namespace std::string_view_literals;

TEST_CASE("scan: every form of value is accepted") {
    for (const auto* text :
         {"0", "-0", "1.10", "1e400", "-12.5E+3", "12345678901234567890123", "\"\"", "\"a\\u00e9\\n\\/\"",
          "true", "false", "null", "[]", "{}", " [ 1 , [ ] , { } ] ", "{\"a\":1,\"a\":2}",
          "\r\n\t {\"a\" : [null]}\n", "\"\\ud800\"",
          "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 and sixteen plain bytes\"", "\"\x7F\""}) {
        CAPTURE(text);
        CHECK(is_json(text));
    }
}

TEST_CASE("scan: text outside RFC 8259 is refused, with the offset of the fault") {
    struct Case {
        std::string_view text;
        std::size_t offset;
    };
    for (const Case& wrong : {Case{"", 0},
                              {"  ", 2},
                              {"01", 1},
                              {"+1", 0},
                              {".5", 0},
                              {"1.", 2},
                              {"1e", 2},
                              {"-", 0},
                              {"NaN", 0},
                              {"Infinity", 0},
                              {"tru", 0},
                              {"trues", 4},
                              {"1 2", 2},
                              {"'a'", 0},
                              {"[1,]", 3},
                              {"[1 2]", 3},
                              {"[1}", 2},
                              {"[", 1},
                              {"{\"a\":1,}", 7},
                              {"{a:1}", 1},
                              {"{\"a\" 1}", 5},
                              {"{\"a\":}", 5},
                              {"{\"a\":1]", 6},
                              {"\"a", 0},
                              {"\"a\\", 2},
                              {"\"\\x\"", 1},
                              {"\"\\u12g4\"", 1},
                              {"\"\n\"", 1},
                              {"\"\0\""sv, 1},
                              {"[1]\0"sv, 3},
                              {"\xEF\xBB\xBF{}", 0},
                              {"\"ab\xFFz\"", 3},
                              {"\"\xED\xA0\x80\"", 1}}) {
        CAPTURE(wrong.text);
        const auto problem = check(wrong.text);
        REQUIRE(problem.has_value());
        CHECK(problem->offset == wrong.offset);
    }
}

TEST_CASE("scan: strings of any bytes are accepted on request") {
    CHECK_FALSE(check("\"ab\xFFz\"", Encoding::any).has_value());
    CHECK(check("\"ab\xFF\n\"", Encoding::any).has_value());
}

TEST_CASE("scan: nesting is bounded and needs no stack") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(is_json(nested(5'000)));
    CHECK(is_json(nested(most_depth)));
    const std::string deeper = nested(most_depth + 1);
    CHECK(check(deeper)->what == "nested too deeply");
    CHECK(check(std::string(1'000'000, '['))->offset == most_depth);
}

TEST_CASE("scan: a problem is described by line and column") {
    const std::string_view text = "{\n  \"a\": tru\n}";
    CHECK(describe(text, *check(text)) == "expected a value at line 2 column 8");
    CHECK(describe("[1,]", *check("[1,]")) == "expected a value at column 4");
}

TEST_CASE("scan: members come in order and unchanged, including duplicates") {
    Members members(" { \"a\" : 1.10 , \"b\\u0041\":[1, {\"x\":\"]\"}],\"a\":\"q\\\"}\" } ");
    REQUIRE(members.next());
    CHECK(members.key() == "\"a\"");
    CHECK(members.value() == "1.10");
    REQUIRE(members.next());
    CHECK(members.key_is("bA"));
    CHECK_FALSE(members.key_is("b"));
    CHECK(members.value() == "[1, {\"x\":\"]\"}]");
    REQUIRE(members.next());
    CHECK(members.key_is("a"));
    CHECK(members.value() == "\"q\\\"}\"");
    CHECK_FALSE(members.next());
    CHECK_FALSE(members.next());
}

TEST_CASE("scan: the last of several members of the same name counts") {
    CHECK(member("{\"a\":1,\"b\":2,\"a\":3}", "a") == "3");
    CHECK_FALSE(member("{\"a\":1}", "b").has_value());
    CHECK_FALSE(member("{}", "a").has_value());
}

TEST_CASE("scan: elements come unchanged") {
    Elements elements("[ 1 ,\"a,b\" , [ ] ,null]");
    std::string seen;
    while (elements.next()) {
        seen += std::string(elements.value()) + ";";
    }
    CHECK(seen == "1;\"a,b\";[ ];null;");
    CHECK_FALSE(Elements("[ ]").next());
}

TEST_CASE("scan: the first byte decides the kind of a value") {
    CHECK(kind(" {}") == Kind::object);
    CHECK(kind("[1]") == Kind::array);
    CHECK(kind("\"\"") == Kind::string);
    CHECK(kind("-1") == Kind::number);
    CHECK(kind("false") == Kind::boolean);
    CHECK(kind("null") == Kind::null);
    CHECK(name(Kind::object) == "object");
    CHECK(name_with_article(Kind::null) == "null");
    CHECK(name(Kind::null) == "null");
}

TEST_CASE("string: unquoting resolves every escape, lone surrogates become the replacement character") {
    CHECK(unquote(R"("a\"\\\/\b\f\n\r\t")") == "a\"\\/\b\f\n\r\t");
    CHECK(unquote(R"("\u0041\u00e9\u20ac\ud83d\ude00")") == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    CHECK(unquote(R"("\ud800x")") == "\xEF\xBF\xBDx");
    CHECK(unquote(R"("\ude00\ud83d")") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(unquote(R"("\ud83d\u0041")") ==
          "\xEF\xBF\xBD"
          "A");
    CHECK(unquote(R"("\u0000")") == "\0"sv);
}

TEST_CASE("string: quoting keeps UTF-8 raw and escapes control characters") {
    CHECK(quote("") == "\"\"");
    CHECK(quote("\xC3\xBC\"\\/\x7F") == "\"\xC3\xBC\\\"\\\\/\x7F\"");
    CHECK(quote("\b\f\n\r\t\x01\x1F") == R"("\b\f\n\r\t\u0001\u001f")");
    CHECK(quote("a text that is longer than one step of sixteen bytes\n") ==
          "\"a text that is longer than one step of sixteen bytes\\n\"");
}
