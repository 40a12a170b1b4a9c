#include "cli/input/words.h"

#include <doctest/doctest.h>

using hail::cli::input::words_of;

namespace {

std::string joined(std::string_view line) {
    const auto words = words_of(line);
    if (!words) {
        return "none";
    }
    std::string text;
    for (const std::string& word : *words) {
        text += "<" + word + ">";
    }
    return text;
}

}  // namespace

TEST_CASE("words: any number of blanks separates words") {
    CHECK(joined("  add 1\t2 \r") == "<add><1><2>");
    CHECK(joined("").empty());
}

TEST_CASE("words: JSON keeps its blanks") {
    CHECK(joined(R"(m [1, {"a b": 2}] "c d" x:=["e f"])") == R"(<m><[1, {"a b": 2}]><"c d"><x:=["e f"]>)");
    CHECK(joined(R"(m "a \" b")") == R"(<m><"a \" b">)");
}

TEST_CASE("words: a line that ends inside JSON is not valid") {
    CHECK(joined("m [1") == "none");
    CHECK(joined("m \"a") == "none");
    CHECK(joined("m \"a\\") == "none");
}
