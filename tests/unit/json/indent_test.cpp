#include "lib/json/indent.h"

#include <doctest/doctest.h>

using namespace hail::json;
using Controls = IndentOptions::Controls;

namespace {

std::string indented(std::string_view input, std::size_t piece, const IndentOptions& options) {
    Indenter indenter(options);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += piece) {
        indenter.feed(input.substr(at, piece), out);
    }
    indenter.finish(out);
    return out;
}

void check_indent(std::string_view input, std::string_view expected, const IndentOptions& options = {}) {
    for (const std::size_t piece : {1U, 2U, 3U, 1000U}) {
        CAPTURE(piece);
        CHECK(indented(input, piece, options) == expected);
    }
}

}  // namespace

TEST_CASE("indent: each member and element has its own line, an empty container stays closed") {
    check_indent(R"({"a":[1,{"b":null}],"c":{},"d":[ ],"e":"x"})",
                 "{\n    \"a\": [\n        1,\n        {\n            \"b\": null\n        }\n    ],\n"
                 "    \"c\": {},\n    \"d\": [],\n    \"e\": \"x\"\n}\n");
    check_indent("[ 1 ]", "[\n  1\n]\n", {.width = 2});
}

TEST_CASE("indent: number text, key order, duplicates and escapes stay the same") {
    check_indent(R"({"b":1.10,"a":12345678901234567890123,"b":-0,"c":"\u00e9\/\"\\"})",
                 "{\n    \"b\": 1.10,\n    \"a\": 12345678901234567890123,\n    \"b\": -0,\n"
                 "    \"c\": \"\\u00e9\\/\\\"\\\\\"\n}\n");
}

TEST_CASE("indent: several values follow one another") {
    check_indent("1 \"a\"\n[]{}\n", "1\n\"a\"\n[]\n{}\n");
    check_indent("", "");
    check_indent("  ", "");
}

TEST_CASE("indent: text passes through unchanged from the first byte that is not JSON") {
    check_indent("<html> <b>\n", "<html> <b>\n");
    check_indent("hello world", "hello world");
    check_indent("  nothing here", "nothing here");
    check_indent("true  story\n", "true  story\n");
    check_indent("{\"a\": 1  x, [2 ] ", "{\n    \"a\": 1  x, [2 ] ");
    check_indent("[1,]", "[\n    1,]");
    check_indent("[1}", "[\n    1}");
    check_indent("{\"a\" \"b\"}", "{\n    \"a\" \"b\"}");
}

TEST_CASE("indent: a text that ends too early is shown as far as it goes") {
    check_indent("{\"a\":[1", "{\n    \"a\": [\n        1");
    check_indent("{\"a\": \"b", "{\n    \"a\": \"b");
    Indenter indenter;
    std::string out;
    indenter.feed("[1", out);
    CHECK_FALSE(indenter.complete());
    indenter.feed("]", out);
    CHECK(indenter.complete());
    indenter.feed("x", out);
    CHECK_FALSE(indenter.complete());
}

TEST_CASE("indent: each kind of token has its colour") {
    check_indent("{\"k\":\"s\",\"n\":[1,true]}",
                 "<p>{<r>\n    <k>\"k\"<r><p>:<r> <s>\"s\"<r><p>,<r>\n    <k>\"n\"<r><p>:<r> <p>[<r>\n"
                 "        <n>1<r><p>,<r>\n        <l>true<r>\n    <p>]<r>\n<p>}<r>\n",
                 {.colours = {"<k>", "<s>", "<n>", "<l>", "<p>", "<r>"}});
    check_indent("\"cut", "<s>\"cut<r>", {.colours = {"<k>", "<s>", "<n>", "<l>", "<p>", "<r>"}});
}

TEST_CASE("indent: control characters are escaped when the reader is a terminal") {
    const IndentOptions terminal{.controls = Controls::escape};
    check_indent("\"\x1b[31m \x7f \xC2\x9B \xC3\xA9 \x9B\n\"",
                 R"("\u001b[31m \u007f \u009b )"
                 "\xC3\xA9"
                 R"( \x9b\u000a")"
                 "\n",
                 terminal);
    check_indent("<\x1b[31m\xC2\x9B\xE2\x82\xAC\xE2", "<\\x1b[31m\\x9b\xE2\x82\xAC\\xe2", terminal);
    check_indent("\"\xE2\x80\xAE\xE2\x81\xA6\"", "\"\\u202e\\u2066\"\n", terminal);
    check_indent("\"\u200B\u2028\U000E0041\"", "\"\\u200b\\u2028\\udb40\\udc41\"\n", terminal);
    check_indent("\"\x1b\"", "\"\x1b\"\n");
}

TEST_CASE("indent: very deep nesting is not indented further than a screen can show") {
    std::string out;
    Indenter indenter;
    indenter.feed(std::string(5'000, '['), out);
    indenter.feed(std::string(5'000, ']'), out);
    indenter.finish(out);
    CHECK(indenter.complete());
    CHECK(out.size() < 10'000 * (most_indented * 4 + 2));
}
