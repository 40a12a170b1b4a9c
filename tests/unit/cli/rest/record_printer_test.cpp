#include "cli/rest/record_printer.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/directory.h"

using namespace hail::cli::output;
using namespace hail::cli::rest;
using hail::support::TemporaryDirectory;

namespace {

// The output for a body that arrives in pieces of this size.
std::string printed(Records records, const std::string& body, std::size_t piece) {
    const TemporaryDirectory directory;
    Display display;
    display.output = directory.path("out");
    display.pretty = Pretty::format;
    display.quiet = true;
    Console console(display);
    RecordPrinter printer(console, records);
    for (std::size_t at = 0; at < body.size(); at += piece) {
        printer.feed(std::string_view(body).substr(at, piece));
    }
    printer.finish();
    console.finish();
    return hail::support::read_file(display.output);
}

}  // namespace

TEST_CASE("records: the content type decides between lines and events") {
    for (const auto* type : {"application/x-ndjson", "Application/NDJSON; charset=utf-8", "application/jsonl",
                             "application/geo+json-seq", "application/stream+json", "text/x-jsonlines"}) {
        CAPTURE(type);
        CHECK(records_of(type) == Records::lines);
    }
    CHECK(records_of("text/event-stream;charset=utf-8") == Records::events);
    for (const auto* type : {"", "application/json", "text/html; x=ndjson"}) {
        CAPTURE(type);
        CHECK(records_of(type) == Records::none);
    }
}

TEST_CASE("records: lines are indented one by one however the input is cut") {
    const std::string body = "{\"a\":1.10}\r\n\n[]\nno {\"json\n\x1e{\"b\":[2]}\n7";
    for (const std::size_t piece : {1U, 3U, 1000U}) {
        CAPTURE(piece);
        CHECK(printed(Records::lines, body, piece) ==
              "{\n    \"a\": 1.10\n}\n[]\nno {\"json\n{\n    \"b\": [\n        2\n    ]\n}\n7\n");
    }
}

TEST_CASE("records: a line that is too long to be held is still shown, and so are the next ones") {
    const std::string text(3 * RecordPrinter::most_held, 'x');
    CHECK((printed(Records::lines, "{\"a\":\"" + text + "\"}\n1\n", 5000) ==
           "{\n    \"a\": \"" + text + "\"\n}\n1\n"));
    CHECK((printed(Records::lines, text + "\n{}\n", 5000) == text + "\n{}\n"));
}

TEST_CASE("records: an event is printed as its name, a new id, its data and an empty line") {
    const std::string body =
        ": hello\n\nevent: price\nid: 7\ndata: {\"p\":\ndata: 1.10}\n\n"
        "id: 7\ndata: one\ndata:\ndata: two\n\nevent: beat\n\ndata: cut";
    for (const std::size_t piece : {1U, 4U, 1000U}) {
        CAPTURE(piece);
        CHECK(printed(Records::events, body, piece) ==
              "event: price\nid: 7\ndata: {\n    \"p\": 1.10\n}\n\n"
              "data: one\ndata: \ndata: two\n\ndata: cut\n\n");
    }
}
