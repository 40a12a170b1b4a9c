#include "lib/base/shell.h"

#include <doctest/doctest.h>

using hail::base::shell_words;
using Words = std::vector<std::string>;

TEST_CASE("shell words: blanks separate words, and quotes and backslashes keep them together") {
    CHECK(shell_words("  a  bc\t'd e' ").value() == Words{"a", "bc", "d e"});
    CHECK(shell_words(R"(a'b c'"d \" \\ \n e"f\ g)").value() == Words{R"(ab cd " \ \n ef g)"});
    CHECK(shell_words("'' \"\"").value() == Words{"", ""});
    CHECK(shell_words("a;b $x *").value() == Words{"a;b", "$x", "*"});
    CHECK(shell_words("").value().empty());
}

TEST_CASE("shell words: a quote that does not end is an error") {
    CHECK_FALSE(shell_words("a 'b").has_value());
    CHECK_FALSE(shell_words("a \"b").has_value());
    CHECK_FALSE(shell_words("a \"b\\").has_value());
}
