#include "lib/base/text.h"

#include <doctest/doctest.h>

using namespace hail::base;

TEST_CASE("text: durations take ms, s, m, h and a bare number of seconds") {
    CHECK(parse_duration("500ms") == Milliseconds(500));
    CHECK(parse_duration("2s") == Milliseconds(2000));
    CHECK(parse_duration("1.5s") == Milliseconds(1500));
    CHECK(parse_duration("1m") == Milliseconds(60'000));
    CHECK(parse_duration("3") == Milliseconds(3000));
    for (const auto* wrong : {"", "s", "1x", "-1s", "1 s", "1..5s", ".5s", "5.", "99999999h"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong).has_value());
    }
}

TEST_CASE("text: sizes count in factors of 1024") {
    CHECK(parse_size("64M") == 64U * 1024 * 1024);
    CHECK(parse_size("10k") == 10240U);
    CHECK(parse_size("1.5KiB") == 1536U);
    CHECK(parse_size("7") == 7U);
    CHECK_FALSE(parse_size("7X").has_value());
}

TEST_CASE("text: numbers are decimal digits and must fit") {
    CHECK(parse_number("0") == 0U);
    CHECK(parse_number("18446744073709551615").has_value());
    for (const auto* wrong : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_number(wrong).has_value());
    }
}

TEST_CASE("text: durations and sizes are formatted with units") {
    CHECK(format_duration(Milliseconds(350)) == "350 ms");
    CHECK(format_duration(Milliseconds(2500)) == "2.5 s");
    CHECK(format_duration(Milliseconds(10'000)) == "10 s");
    CHECK(format_duration(Milliseconds(200'000)) == "3 m 20 s");
    CHECK(format_size(512) == "512 B");
    CHECK(format_size(3 * 1024 * 1024 + 400 * 1024) == "3.4 MiB");
}

TEST_CASE("text: UTF-8 has no surrogates, overlong forms or lone bytes") {
    CHECK(is_utf8("plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x98\x80"));
    CHECK(first_invalid_utf8("ab\x80") == 2);
    for (const auto* wrong :
         {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xFF", "\xE0\x80\x80"}) {
        CHECK_FALSE(is_utf8(wrong));
    }
}

TEST_CASE("text: control characters are escaped, never passed on") {
    CHECK(printable("a\x1b[2Jb\tc\n") == "a\\x1b[2Jb\tc\n");
    CHECK(printable("\xC2\x9B"
                    "31m\x7F\xFF") == "\\x9b31m\\x7f\\xff");
    CHECK(printable("\xC3\xA9") == "\xC3\xA9");
    CHECK(printable("\xE2\x80\xAE\xE2\x81\xA9\xE2\x80\x8F") == "\\u202e\\u2069\\u200f");
    CHECK(one_line("a\nb\tc") == "a\\x0ab\\x09c");
    CHECK(one_line("abc\xC3\xA9", 4) == "abc...");
}

TEST_CASE("text: characters that nobody sees are shown as escapes, letters and emoji are not") {
    CHECK(printable("a\u200Bb\u2028c\u00ADd\u2060\uFEFF") == "a\\u200bb\\u2028c\\u00add\\u2060\\ufeff");
    CHECK(printable("\U000E0041\u061C") == "\\U000e0041\\u061c");
    for (const char* seen :
         {"\u00AE", "\u2027", "\u202F", "\u20AC", "\u00A0", "\U0001F600\uFE0F", "\u4E2D"}) {
        CHECK(printable(seen) == seen);
    }
}

TEST_CASE("text: lines that end in CR LF are shown as lines, and a lone CR as an escape") {
    CHECK(printable_lines("a\r\nb\rc\r\n") == "a\nb\\x0dc\n");
}

TEST_CASE("text: base64 pads, percent-decoding is strict") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("\xFF\xFE") == "//4=");
    CHECK(percent_decode("a%20b%2F") == "a b/");
    CHECK_FALSE(percent_decode("%2").has_value());
    CHECK_FALSE(percent_decode("%zz").has_value());
}

TEST_CASE("text: case applies to ASCII only") {
    CHECK(equal_ignoring_case("Content-Type", "content-type"));
    CHECK_FALSE(equal_ignoring_case("a", "ab"));
    CHECK(lower("A\xC3\x89Z") == "a\xC3\x89z");
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim("  ").empty());
}

TEST_CASE("text: base64 is decoded strictly") {
    for (const auto* text : {"", "a", "ab", "abc", "abcd"}) {
        CHECK(base64_decode(base64(text)) == text);
    }
    for (const auto* wrong : {"YQ", "YQ=", "Y===", "====", "YQ==YQ==", "Y Q=", "YQ=a", "_-8="}) {
        CAPTURE(wrong);
        CHECK_FALSE(base64_decode(wrong).has_value());
    }
}

TEST_CASE("text: taking until a character leaves the rest") {
    std::string_view text = "a\tb\t\t";
    CHECK(take_until(text, '\t') == "a");
    CHECK(take_until(text, '\t') == "b");
    CHECK(take_until(text, '\t').empty());
    CHECK(text.empty());
    text = "rest";
    CHECK(take_until(text, '\t') == "rest");
    CHECK(text.empty());
}
