#include "cli/input/records.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "cli/input/files.h"
#include "lib/base/error.h"

using namespace hail;
using namespace hail::cli::input;
using namespace std::string_view_literals;

namespace {

void drain(Records& records, std::string& out) {
    while (const auto record = records.next()) {
        out += std::to_string(records.number()) + "<" + std::string(*record) + ">";
    }
}

std::string split(std::string_view input, Framing framing, std::size_t piece) {
    Records records(framing);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += piece) {
        records.feed(input.substr(at, piece));
        drain(records, out);
    }
    records.finish();
    drain(records, out);
    return out;
}

void check_split(std::string_view input, Framing framing, std::string_view expected) {
    for (const std::size_t piece : {1U, 2U, 5U, 1000U}) {
        CAPTURE(piece);
        CHECK(split(input, framing, piece) == expected);
    }
}

}  // namespace

TEST_CASE("records: lines, empty ones and a last one without a newline count") {
    check_split("a\n\nbc\r\nd", Framing::lines, "1<a>2<>3<bc\r>4<d>");
    check_split("a\n", Framing::lines, "1<a>");
    check_split("\n", Framing::lines, "1<>");
    check_split("", Framing::lines, "");
    check_split("a\0b\n"sv, Framing::lines, "1<a\0b>"sv);
}

TEST_CASE("records: NUL separates texts with newlines in them") {
    check_split("a\nb\0\0c"sv, Framing::nul, "1<a\nb>2<>3<c>");
    check_split("a\0"sv, Framing::nul, "1<a>");
}

TEST_CASE("records: with --whole, even empty input is one record") {
    check_split("a\nb\n", Framing::whole, "1<a\nb\n>");
    check_split("", Framing::whole, "1<>");
}

TEST_CASE("records: a record that is too large is rejected while it arrives") {
    for (const Framing framing : {Framing::lines, Framing::nul, Framing::whole}) {
        Records records(framing, 4);
        records.feed("1234");
        CHECK_FALSE(records.next().has_value());
        records.feed("5");
        CHECK_THROWS_WITH_AS(records.next(), "reading record 1 of the input: it is larger than 4 B",
                             base::Error);
    }
}

TEST_CASE("files: a file that cannot be read is an error") {
    CHECK_THROWS_WITH_AS(InputFile::open("/nowhere"), "opening '/nowhere': No such file or directory",
                         base::Error);
    CHECK_THROWS_WITH_AS(InputFile::open("/"), "opening '/': Is a directory", base::Error);
}

TEST_CASE("files: a file is read to its end") {
    InputFile file = InputFile::open(HAIL_DATA "/items/text.txt");
    CHECK(file.read() == "line one\nline two\n\n");
    CHECK(file.read().empty());
    CHECK(file.descriptor() > 2);
    CHECK(Files().read(HAIL_DATA "/items/noext") == "x");
}
