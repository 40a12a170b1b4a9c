// Endless replies, and their output on a terminal while they arrive.

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/gate.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

const std::string events_type = "Content-Type: text/event-stream\r\n";
const std::string lines_type = "Content-Type: application/x-ndjson\r\n";

std::string head(const std::string& headers) {
    return "HTTP/1.1 200 OK\r\n" + headers + "\r\n";
}

Command stream_command(const Peer& peer, std::vector<std::string> more, Command::Terminal terminal) {
    std::vector<std::string> arguments{"rest", peer.address("/events"), "-b"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Command command = hail_command(arguments);
    command.terminal = terminal;
    return command;
}

std::vector<std::string> read_lines(Process& process, std::size_t count) {
    std::vector<std::string> lines;
    while (lines.size() < count) {
        lines.push_back(process.read_line().value_or("(the end)"));
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("rest stream: on a terminal a line of NDJSON is shown before the next one is sent") {
    Gate gate;
    Peer peer(
        {{read_request(), send(head(lines_type) + "{\"a\":1}\n{\"b"), gate.step(), send("\":2}\noops\n")}});
    Process process(stream_command(peer, {"--color", "never"}, Command::Terminal::output));
    CHECK(read_lines(process, 3) == Lines{"{", "    \"a\": 1", "}"});
    gate.open();
    CHECK(process.wait().out == "{\n    \"b\": 2\n}\noops\n");
}

TEST_CASE("rest stream: on a terminal an event is shown before the next one is sent") {
    Gate gate;
    Peer peer(
        {{read_request(), send(head(events_type) + ": hi\n\nevent: e\nid: 1\ndata: {\"a\":1}\n\ndata: "),
          gate.step(), send("more\n\n")}});
    Process process(stream_command(peer, {}, Command::Terminal::output));
    CHECK(read_lines(process, 6) == Lines{"\x1b[1;34mevent\x1b[0m: e", "\x1b[1;34mid\x1b[0m: 1",
                                          "\x1b[1;34mdata\x1b[0m: {",
                                          "    \x1b[1;34m\"a\"\x1b[0m: \x1b[36m1\x1b[0m", "}", ""});
    gate.open();
    CHECK(process.wait().out == "\x1b[1;34mdata\x1b[0m: more\n\n");
}

TEST_CASE("rest stream: a pipe gets the bytes as they come, whatever the type") {
    for (const std::string& type :
         {events_type, lines_type, std::string("Content-Type: application/json\r\n")}) {
        CAPTURE(type);
        Gate gate;
        Peer peer({{read_request(), send(head(type) + ": x\n"), gate.step(), send("data: y\n\n")}});
        Process process(stream_command(peer, {}, Command::Terminal::none));
        CHECK(process.read_line() == ": x");
        gate.open();
        CHECK(process.wait().out == "data: y\n\n");
    }
}

TEST_CASE("rest stream: --pick prints a record before the next one is sent") {
    for (const bool events : {true, false}) {
        Gate gate;
        const std::string field = events ? "data: " : "";
        const std::string end = events ? "\n\n" : "\n";
        Peer peer({{read_request(), send(head(events ? events_type : lines_type) + field + "{\"a\":1}" + end),
                    gate.step(), send(field + "{\"a\":2}" + end)}});
        Process process(stream_command(peer, {"--pick", "a"}, Command::Terminal::none));
        CHECK(process.read_line() == "1");
        gate.open();
        const Outcome outcome = process.wait();
        CHECK(outcome.out == "2\n");
        CHECK(outcome.code == 0);
    }
}

TEST_CASE("rest stream: --pick reports and skips an event that is not JSON") {
    Peer peer({{read_request(), send(head(events_type) + "data: {\"a\":1}\n\ndata: [DONE]\n\n")}});
    const Outcome outcome = run(stream_command(peer, {"--pick", "a"}, Command::Terminal::none));
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "1\n");
    CHECK(outcome.err.find("not JSON: [DONE]\n") != std::string::npos);
}

TEST_CASE("rest stream: --pick reports and skips a line that is not JSON") {
    const std::string lines = "{\"a\":1}\nError: x\n{\"a\":2,\n{\"a\":3}\n\n\r\n{\"a\":4}";
    Peer peer({{read_request(), send(head(lines_type) + lines)}}, Peer::Others::repeat);
    for (const bool whole : {false, true}) {
        std::vector<std::string> view{"--pick", "a"};
        if (whole) {
            view.insert(view.end(), {"--expect", "status==200"});
        }
        const Outcome outcome = run(stream_command(peer, view, Command::Terminal::none));
        CHECK(outcome.code == 0);
        CHECK(outcome.out == "1\n3\n4\n");
        CHECK(outcome.err.find("skipped a line that is not JSON: Error: x\n") != std::string::npos);
        CHECK(outcome.err.find("skipped a line that is not JSON: {\"a\":2,\n") != std::string::npos);
    }
}

TEST_CASE("rest stream: a line larger than --max-reply ends --pick") {
    Peer peer({{read_request(), send(head(lines_type) + "\"" + std::string(5'000, 'x') + "\"\n")}});
    const Outcome outcome =
        run(stream_command(peer, {"--pick", "[]", "--max-reply", "1k"}, Command::Terminal::none));
    CHECK(outcome.code == 9);
    CHECK(outcome.err.find("a line is larger than 1 KiB") != std::string::npos);
}

TEST_CASE("rest stream: --pick reads a value of several lines between record separators") {
    Peer peer({{read_request(), reply("\x1e{\n\"a\":1\n}\n\x1e{cut\n\x1e{\"a\":2}\n",
                                      "Content-Type: application/json-seq\r\n")}});
    const Outcome outcome = run(stream_command(peer, {"--pick", "a"}, Command::Terminal::none));
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "1\n2\n");
}

TEST_CASE("rest stream: --pick reads values after record separators") {
    Peer peer({{read_request(),
                reply("\x1e{\"a\":1}\n\x1e{\"a\":2}\n", "Content-Type: application/json-seq\r\n")}});
    CHECK(run(stream_command(peer, {"--pick", "a"}, Command::Terminal::none)).out == "1\n2\n");
}

TEST_CASE("rest stream: an incomplete last event is shown with a warning") {
    Peer peer({{read_request(), send(head(events_type) + "data: a\n\ndata: {\"half\":\n")}});
    const Outcome outcome = run(stream_command(peer, {"--pretty", "format"}, Command::Terminal::none));
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "data: a\n\ndata: {\"half\":\n\n");
    CHECK(outcome.err == "hail: warning: the stream ended within this event\n");
}

TEST_CASE("rest stream: an incomplete last line is shown on its own line, and exit is 8") {
    Peer peer(
        {{read_request(), send(head(lines_type + "Content-Length: 99\r\n") + "{\"a\":1}\n{\"b"), cut()}});
    const Outcome outcome = run(stream_command(peer, {"--color", "never"}, Command::Terminal::all));
    CHECK(outcome.code == 8);
    CHECK(outcome.out.starts_with("{\n    \"a\": 1\n}\n{\"b\nhail: GET "));
}

TEST_CASE("rest stream: records cannot steer a terminal") {
    const std::string evil = "\x1b[2J\x08\xc2\x9b\x9d\xe2\x80\xae";
    const std::string quoted = "{\"" + evil + "\":\"" + evil + "\"}";
    Peer peer({{read_request(), send(head(lines_type) + quoted + "\n" + evil + "\r\r\n")},
               {read_request(), send(head(events_type) + "event: " + evil + "\nid: " + evil + "\ndata: " +
                                     evil + "\ndata: x\n\ndata: " + quoted + "\n\ndata: " + evil)}});
    for (int call = 0; call < 2; ++call) {
        const std::string text = run(stream_command(peer, {"--color", "never"}, Command::Terminal::all)).out;
        CAPTURE(text);
        CHECK(text.find_first_of("\x1b\x08\r\x9b\x9d\xae") == std::string::npos);
        CHECK(text.find("\\x1b[2J") != std::string::npos);
    }
}
