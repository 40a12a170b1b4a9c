#include "lib/json/split.h"

#include <doctest/doctest.h>

using namespace hail::json;
using Shape = SplitOptions::Shape;
using Step = Splitter::Step;

namespace {

// Every value and a ';', then how the input ended, when fed in pieces of this size.
std::string split(std::string_view input, std::size_t piece, const SplitOptions& options) {
    Splitter splitter(options);
    std::string out;
    while (true) {
        switch (splitter.next()) {
            case Step::value:
                out += std::string(splitter.value()) + ";";
                break;
            case Step::more:
                if (input.empty()) {
                    splitter.finish();
                }
                splitter.feed(input.substr(0, piece));
                input.remove_prefix(std::min(piece, input.size()));
                break;
            case Step::end:
                return out;
            case Step::problem:
                return out + " " + splitter.what() + " @" + std::to_string(splitter.offset()) + " line " +
                       std::to_string(splitter.line());
        }
    }
}

void check_split(std::string_view input, std::string_view expected, const SplitOptions& options = {}) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
        CAPTURE(piece);
        CHECK(split(input, piece, options) == expected);
    }
}

}  // namespace

TEST_CASE("split: concatenated values and lines of values come unchanged") {
    check_split("{\"a\": 1.10}\n\n[1, \"]\"]\n", "{\"a\": 1.10};[1, \"]\"];");
    check_split("{}{}[]\"a\"1 2 null", "{};{};[];\"a\";1;2;null;", {.shape = Shape::values});
    check_split("\"\\\\\"\"\\\"\"", "\"\\\\\";\"\\\"\";");
    check_split("", "");
    check_split(" \n ", "");
}

TEST_CASE("split: the elements of one array come one by one") {
    check_split(" [ 1 , {\"a\":[\"]\\\"\"]} ,\n[], \"x,y\"] \n", "1;{\"a\":[\"]\\\"\"]};[];\"x,y\";");
    check_split("[]", "");
    check_split("[1]\n[2]", "[1];[2];", {.shape = Shape::values});
}

TEST_CASE("split: a fault is reported with its offset and line") {
    check_split("{}\n{\"a\":}\n{}", "{}; expected a value @8 line 2");
    check_split("{}\n{\"a", "{}; an unterminated string @4 line 2");
    check_split("{\"a\n{}", " an unescaped control character in a string @3 line 1");
    check_split("[1,2", "1; the array ends too early @4 line 1");
    check_split("[1,\n", "1; the array ends too early @4 line 2");
    check_split("[1,]", "1; expected a value @3 line 1");
    check_split("[1 2]", "1; expected ',' or ']' @3 line 1");
    check_split("[1] x", "1; unexpected text after the array @4 line 1");
    check_split("{},{}", "{}; expected a value @2 line 1");
    check_split("{}", " expected '[' @0 line 1", {.shape = Shape::elements});
    check_split("{]}", " expected a name in double quotes @1 line 1");
}

TEST_CASE("split: a value larger than allowed is refused while it arrives") {
    check_split("[1]\n[\"0123456789\"]", "[1]; the value is larger than 8 bytes @4 line 2",
                {.shape = Shape::values, .most_bytes = 8});
}

TEST_CASE("split: an array larger than its buffer is never held") {
    Splitter splitter({.most_bytes = 100});
    splitter.feed("[");
    std::size_t values = 0;
    for (int i = 0; i < 10'000; ++i) {
        splitter.feed(i == 0 ? "{\"a\":[1,2,3]}" : ",\n{\"a\":[1,2,3]}");
        values += splitter.next() == Step::value ? 1U : 0U;
    }
    splitter.feed("]");
    splitter.finish();
    CHECK(splitter.next() == Step::end);
    CHECK(values == 10'000);
    CHECK(splitter.line() == 10'000);
}

namespace {

// As split(), but a fault is "!" and its place, and reading goes on if it can.
std::string split_on(std::string_view input, std::size_t piece, const SplitOptions& options) {
    Splitter splitter(options);
    std::string out;
    while (true) {
        const Step step = splitter.next();
        if (step == Step::more) {
            if (input.empty()) {
                splitter.finish();
            }
            splitter.feed(input.substr(0, piece));
            input.remove_prefix(std::min(piece, input.size()));
            continue;
        }
        if (const auto skipped = splitter.take_skipped(); skipped.first > 0) {
            out += "skipped " + std::to_string(skipped.first) + "-" + std::to_string(skipped.last) + ";";
        }
        if (step == Step::end) {
            return out;
        }
        if (step == Step::value) {
            out += std::string(splitter.value()) + ";";
            continue;
        }
        out += "!" + std::to_string(splitter.line()) + ":" + std::to_string(splitter.column()) + ";";
        if (!splitter.resume("{")) {
            return out + "stop";
        }
    }
}

void check_resumed(std::string_view input, std::string_view expected, const SplitOptions& options = {}) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
        CAPTURE(piece);
        CHECK(split_on(input, piece, options) == expected);
    }
}

}  // namespace

TEST_CASE("split: after a fault, reading goes on at the next line that begins a value") {
    check_resumed("{\"a\":1}\n{\"a\":oops}\n{\"b\":2}\n", "{\"a\":1};!2:6;{\"b\":2};");
    check_resumed("# one\n# two\n{\"b\":2}\n", "!1:1;skipped 2-2;{\"b\":2};", {.shape = Shape::values});
    check_resumed("{\"a\":1\n{\"b\":2}\n", "!2:1;{\"b\":2};");
    check_resumed("{\"a\n{\"b\":2}\n", "!1:4;{\"b\":2};");
    check_resumed("{\"a\":x}\r\n oops {\r\n{\"b\":2}\r\n", "!1:6;skipped 2-2;{\"b\":2};");
    check_resumed("{\"a\":x}\n\n1\n \t\r\n {}", "!1:6;skipped 3-5;");
    check_resumed("{\"a\":1}}\n{\"b\":[", "{\"a\":1};!1:8;!2:7;");
    check_resumed("{\"a\":x}", "!1:6;");
    check_resumed("{}\n{\"a\":\"0123456789\"}\n{}\n", "{};!2:1;{};", {.most_bytes = 12});
}

TEST_CASE("split: a fault in an array ends the reading") {
    check_resumed("[{\"a\":1},\n{\"a\":oops},\n{\"b\":2}]", "{\"a\":1};!2:6;stop");
}

TEST_CASE("split: a fault is found before the value ends") {
    Splitter splitter;
    splitter.feed("{\"a\": oops and no end of it, ");
    CHECK(splitter.next() == Step::problem);
    CHECK(splitter.offset() == 6);
}

TEST_CASE("split: the members of an object come with it") {
    for (const std::size_t piece : {1U, 5U, 1000U}) {
        Splitter splitter;
        std::string_view input = "{\"id\":7,\"method\":\"m\"}";
        while (splitter.next() == Step::more) {
            splitter.feed(input.substr(0, piece));
            input.remove_prefix(std::min(piece, input.size()));
        }
        std::string members;
        for (const Outline::Member& member : splitter.outline()) {
            members += std::string(member.key, member.value_end) + ";";
        }
        CHECK(members == "\"id\":7;\"method\":\"m\";");
    }
}
