#include "lib/base/charset.h"

#include <doctest/doctest.h>

using namespace hail::base;

TEST_CASE("charset: the names of the western ones are windows-1252, as browsers have it") {
    for (const auto* name : {"ISO-8859-1", "latin1", "windows-1252", "us-ascii"}) {
        CHECK(charset_named(name) == Charset::windows_1252);
    }
    CHECK(charset_named("") == Charset::utf8);
    CHECK(charset_named("UTF-8") == Charset::utf8);
    CHECK(charset_named("shift_jis") == Charset::other);
}

TEST_CASE("charset: bytes become the characters that they mean") {
    CHECK(utf8_of_windows_1252("a\xE9\x80\x9F") == "a\u00E9\u20AC\u0178");
    CHECK(utf8_of_latin1("a\xE9\xFF") == "a\u00E9\u00FF");
}
