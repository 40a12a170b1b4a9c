#include "lib/http/disposition.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hail::http;

TEST_CASE("disposition: a name may be quoted, a token, or encoded") {
    CHECK(disposition_name("attachment; filename=\"a b.txt\"") == "a b.txt");
    CHECK(disposition_name("attachment; filename=a.txt") == "a.txt");
    CHECK(disposition_name("inline;FileName = \"a\\\"b\"; size=5") == "a\"b");
    CHECK(disposition_name("attachment; filename*=UTF-8''%e2%82%ac%20rates") == "\xe2\x82\xac rates");
    CHECK(disposition_name("attachment; filename*=iso-8859-1'en'%A3") == "\xc2\xa3");
    CHECK(disposition_name("attachment; filename=\"%41.txt\"") == "A.txt");
    CHECK(disposition_name("attachment; filename=\"\xa3.txt\"") == "\xc2\xa3.txt");
}

TEST_CASE("disposition: the encoded name takes precedence over the plain one unless it is malformed") {
    CHECK(disposition_name("attachment; filename=plain; filename*=UTF-8''better") == "better");
    CHECK(disposition_name("attachment; filename=plain; filename*=UTF-8''%ff") == "plain");
    CHECK(disposition_name("attachment; filename=plain; filename*=KOI8-R''x") == "plain");
    CHECK_FALSE(disposition_name("attachment"));
    CHECK_FALSE(disposition_name(""));
}

TEST_CASE("disposition: a name may be encoded as in mail") {
    const auto name = [](const std::string& value) {
        return disposition_name("attachment; filename=\"" + value + "\"").value_or("");
    };
    CHECK(name("=?UTF-8?B?w6QudHh0?=") == "\xc3\xa4.txt");
    CHECK(name("=?utf-8?Q?=C3=A4_b=25.txt?=") == "\xc3\xa4 b%.txt");
    CHECK(name("=?ISO-8859-1?Q?=E4.txt?=") == "\xc3\xa4.txt");
    CHECK(name("=?UTF-8*en?q?a?=") == "a");
    CHECK(name("=?UTF-8?B?w6Q=?= =?UTF-8?B?LnR4dA==?=") == "\xc3\xa4.txt");
    CHECK(name("a =?UTF-8?Q?b?= c") == "a b c");
    CHECK(disposition_name("attachment; filename==?UTF-8?B?w6QudHh0?=; size=3") == "\xc3\xa4.txt");
    CHECK(download_name("attachment; filename=\"=?UTF-8?Q?../=2E=2E/=1Bx?=\"", "http://h/", "") == "x");
}

TEST_CASE("disposition: a word that is not valid, or of another character set, stays as it is") {
    for (const std::string value : {"=?UTF-8?B?w6?=", "=?UTF-8?Q?=ff?=", "=?KOI8-R?Q?a?=", "=?UTF-8?X?a?=",
                                    "=?UTF-8?Q?a", "=?=?=", "=??", "=?UTF-8?Q", "=?UTF-8?Q?=4?="}) {
        CAPTURE(value);
        CHECK(disposition_name("attachment; filename=\"" + value + "\"") == value);
    }
    const std::string longest = "=?UTF-8?Q?" + std::string(2'000, 'a') + "?=";
    CHECK(disposition_name("attachment; filename=\"" + longest + "\"") == longest);
}

TEST_CASE("disposition: invalid values are read as curl and browsers read them") {
    CHECK(disposition_name("filename=Heze.7z") == "Heze.7z");
    CHECK(disposition_name(" ; filename = \"a\"") == "a");
    CHECK(disposition_name("attachment; filename=foo bar, x.txt ; size=5") == "foo bar, x.txt");
    CHECK(disposition_name("attachment; filename='it''; x=\";filename=no\"") == "it");
    CHECK(disposition_name("attachment; filename=it's.txt") == "it's.txt");
    CHECK(disposition_name("attachment; filename=\"not closed; x") == "not closed; x");
    CHECK(disposition_name(R"(attachment; filename="C:\tmp\new.txt")") == R"(C:\tmp\new.txt)");
    CHECK(disposition_name("attachment; filename=a; filename=b; filename*=UTF-8''c; filename*=UTF-8''d") ==
          "c");
    CHECK(disposition_name("attachment; filename=\"\"; filename=b") == "b");
    for (const char* bad : {"UTF-8'x.txt", "x.txt", "UTF-8''%zz", "''"}) {
        CHECK(disposition_name("attachment; filename*=" + std::string(bad) + "; filename=plain") == "plain");
    }
}

TEST_CASE("download name: folders, control characters, leading dots and dashes are removed") {
    CHECK(harmless_name("../../etc/passwd") == "passwd");
    CHECK(harmless_name("C:\\boot.ini") == "boot.ini");
    CHECK(harmless_name(".bashrc") == "bashrc");
    CHECK(harmless_name(" . .. x ") == "x");
    CHECK(harmless_name("-rf") == "rf");
    CHECK(harmless_name("./-.-a-b") == "a-b");
    CHECK(harmless_name("a\x1b[31m\r\nb") == "a[31mb");
    CHECK(harmless_name("a\xc2\x9b"
                        "b") == "ab");
    CHECK(harmless_name("a\u202Egpj\u200B.\U000E0041\uFEFFexe") == "agpj.exe");
    CHECK(harmless_name("\u200B.bashrc") == "bashrc");
    CHECK(harmless_name("..").empty());
    CHECK(harmless_name("a/").empty());
    CHECK(harmless_name("bad\xff") == "bad\xc3\xbf");
}

TEST_CASE("download name: a long name is cut between characters and keeps its extension") {
    std::string name = "x";
    for (int i = 0; i < 200; ++i) {
        name += "\xc3\xbc";
    }
    const std::string cut = harmless_name(name + ".tar");
    CHECK(cut.size() <= 200);
    CHECK(cut.ends_with("\xc3\xbc.tar"));
}

TEST_CASE("download name: it comes from the header, else the path, else a fixed word") {
    CHECK(download_name("attachment; filename=a", "http://h/b", "") == "a");
    CHECK(download_name("attachment; filename=\"..\"", "http://h/b", "") == "b");
    CHECK(download_name({}, "http://h/x/b%20c.txt?d=/e", "") == "b c.txt");
    CHECK(download_name({}, "http://h/x/..%2f.ssh", "") == "ssh");
    CHECK(download_name({}, "http://h/x/", "text/html; charset=utf-8") == "index.html");
    CHECK(download_name({}, "http://h", "image/png") == "download");
}

TEST_CASE("download name: a number is added to a name that is taken") {
    const std::set<std::string> taken{"a.txt", "a-1.txt", "b.tar.gz", "c"};
    const auto is_taken = [&](const std::string& name) { return taken.count(name) > 0; };
    CHECK(free_name("a.txt", is_taken) == "a-2.txt");
    CHECK(free_name("b.tar.gz", is_taken) == "b-1.tar.gz");
    CHECK(free_name("c", is_taken) == "c-1");
    CHECK(free_name("d", is_taken) == "d");
}
