#include "cli/input/params_template.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"

using hail::base::Error;
using hail::base::Exit;
using hail::cli::input::ParamsTemplate;

namespace {

using Row = std::vector<std::string>;

// The params, or the fault after a '!'.
std::string filled(std::string_view json, const Row& columns, const Row& values) {
    ParamsTemplate params(json);
    std::string fault = params.bind(columns);
    std::string out;
    fault = fault.empty() ? params.fill(values, out) : fault;
    return fault.empty() ? out : "!" + fault;
}

}  // namespace

TEST_CASE("params template: a column is text, alone or inside a string") {
    CHECK(filled(R"(["{a}","latest"])", {"a"}, {"0x1"}) == R"(["0x1","latest"])");
    CHECK(filled(R"([ "{a}" , "x-{b}/{a}" ])", {"a", "b"}, {"1", ""}) == R"([ "1" , "x-/1" ])");
    CHECK(filled(R"({"{a}":["{b}"],"c":1.10})", {"a", "b"}, {"k", "v"}) == R"({"k":["v"],"c":1.10})");
    CHECK(filled(R"(["{a}"])", {"a"}, {"say \"no\"\\\n"}) == R"(["say \"no\"\\\n"])");
}

TEST_CASE("params template: a column is JSON on request") {
    CHECK(filled(R"(["{n:json}",{"m":"{m:json}"}])", {"n", "m"}, {"5", " [true] "}) == R"([5,{"m":[true]}])");
    CHECK(filled(R"(["{n:json}","{n}"])", {"n"}, {"1e400"}) == R"([1e400,"1e400"])");
    CHECK(filled(R"(["{n:json}"])", {"n"}, {"x"}) == "!column 'n' is not JSON: 'x'; {n} passes it as text");
    CHECK(filled(R"(["{n:json}"])", {"n"}, {""}) == "!column 'n' is not JSON: ''; {n} passes it as text");
    CHECK(filled(R"(["{n:json:text}"])", {"n:json"}, {"x"}) == R"(["x"])");
}

TEST_CASE("params template: a doubled brace is a brace, and so is an escaped one") {
    CHECK(filled(R"(["{{a}}{a}}}\u007ba\u007d"])", {"a"}, {"1"}) == R"(["{a}1}\u007ba\u007d"])");
}

TEST_CASE("params template: a name may be escaped as in any JSON string") {
    CHECK(filled(R"(["{the \"a\"}"])", {"the \"a\""}, {"1"}) == R"(["1"])");
    CHECK(filled(R"(["{\u00e9 t}"])", {"\xC3\xA9 t"}, {"1"}) == R"(["1"])");
}

TEST_CASE("params template: a column that is missing, double or not UTF-8 is a fault") {
    CHECK(filled(R"(["{x}"])", {"a", "b"}, {"1", "2"}) ==
          "!the table has no column 'x'; its columns are a, b");
    CHECK(filled(R"(["{a}"])", {"a", "a"}, {"1", "2"}) == "!the table has two columns 'a'");
    CHECK(filled(R"(["{b}"])", {"a", "a", "b"}, {"1", "2", "3"}) == R"(["3"])");
    CHECK(filled(R"(["{a}"])", {"a"}, {"\xFF"}) == "!column 'a' is not UTF-8");
}

TEST_CASE("params template: braces that name no column are refused") {
    for (const auto* json :
         {R"(["a"])", "[]", R"(["{"])", R"(["{a"])", R"(["a}{a}"])", R"(["{}"])", R"(["{:json}"])",
          R"(["x{a:json}"])", R"(["{a:json}{b}"])", R"({"{a:json}":1})"}) {
        CAPTURE(json);
        try {
            const ParamsTemplate params{json};
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.exit() == Exit::usage);
            CHECK(std::string(error.what()).starts_with("option --params: "));
        }
    }
}
