#include "cli/output/answers.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::cli::output;

namespace {

std::string line_of(const bulk::Answer& answer) {
    return std::string(AnswerText(As::ndjson).next(answer));
}

}  // namespace

TEST_CASE("answers: a result and an id keep their bytes") {
    CHECK(line_of({.index = 7, .outcome = bulk::Outcome::ok, .id = "\"u-\\u0037\"", .value = "1.10"}) ==
          "{\"i\":7,\"id\":\"u-\\u0037\",\"result\":1.10}\n");
}

TEST_CASE("answers: a value with line breaks is printed on one line") {
    CHECK(line_of({.outcome = bulk::Outcome::error, .id = "1", .value = "{\r\n \"code\": 1\n}"}) ==
          "{\"i\":0,\"id\":1,\"error\":{   \"code\": 1 }}\n");
}

TEST_CASE("answers: a call without a reply has its outcome and the reason, as JSON") {
    CHECK(line_of({.index = 2, .outcome = bulk::Outcome::not_sent, .id = "null", .why = "no \"route\"\n"}) ==
          "{\"i\":2,\"id\":null,\"outcome\":\"not-sent\",\"why\":\"no \\\"route\\\"\\n\"}\n");
    CHECK(line_of({.index = 3, .outcome = bulk::Outcome::unknown, .why = "cut"}) ==
          "{\"i\":3,\"outcome\":\"unknown\",\"why\":\"cut\"}\n");
}

TEST_CASE("answers: an error that refused a call or left it unknown is printed with the outcome") {
    CHECK(line_of({.index = 2,
                   .outcome = bulk::Outcome::refused,
                   .id = "1",
                   .value = R"({"code":429,"message":"x"})",
                   .why = "code 429: x"}) ==
          R"({"i":2,"id":1,"outcome":"refused","why":"code 429: x","error":{"code":429,"message":"x"}})"
          "\n");
}

TEST_CASE("answers: an array has its brackets, whether it is empty, begun or continued") {
    const bulk::Answer one{.outcome = bulk::Outcome::ok, .id = "1", .value = "5"};
    AnswerText text(As::array);
    CHECK(text.end() == "[]\n");
    CHECK(text.next(one) == "[\n{\"i\":0,\"id\":1,\"result\":5}");
    CHECK(text.next(one) == ",\n{\"i\":0,\"id\":1,\"result\":5}");
    CHECK(text.end() == "\n]\n");
    CHECK(AnswerText(As::array, true).next(one).starts_with(",\n"));
}

TEST_CASE("answers: results alone leave out everything else") {
    AnswerText text(As::result);
    CHECK(text.next({.outcome = bulk::Outcome::ok, .id = "1", .value = "{\n}"}) == "{ }\n");
    CHECK(text.next({.outcome = bulk::Outcome::error, .id = "1", .value = "{}"}).empty());
    CHECK(text.next({.outcome = bulk::Outcome::unknown, .id = "1", .why = "cut"}).empty());
    CHECK(text.next({.outcome = bulk::Outcome::ok}).empty());
}

TEST_CASE("answers: the summary names only counts that are not zero") {
    CHECK(summary_text({.summary = {.items = 1, .ok = 1, .shipments = 1}, .observed = {}}) ==
          "1 call: 1 ok; 1 POST");
    CHECK(summary_text({.summary = {.items = 9,
                                    .ok = 1,
                                    .errors = 2,
                                    .not_sent = 3,
                                    .refused = 1,
                                    .unknown = 2,
                                    .shipments = 4},
                        .observed = {}}) ==
          "9 calls: 1 ok, 2 errors, 1 refused, 3 not sent, 2 unknown; 4 POSTs");
    CHECK(summary_json({.summary = {.items = 9, .stopped_why = "x\n"}, .observed = {}})
              .ends_with("\"last_line\":0,\"stopped\":\"x\\n\"}\n"));
    CHECK(summary_json({.summary = {}, .observed = {.error_codes = {{-32601, 2}, {5, 1}}}})
              .ends_with("\"error_codes\":{\"-32601\":2,\"5\":1}}\n"));
}
