// Views and expectations of replies, and bodies that are read while they are sent.

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;
using hail::base::Milliseconds;

namespace {

Outcome answered(const std::string& body, std::vector<std::string> arguments, const std::string& extra = {},
                 const std::string& status = "200 OK") {
    Peer peer({{read_request(), send(http_answer(body, extra, status))}});
    arguments.insert(arguments.begin(), peer.address("/x"));
    return rest(std::move(arguments));
}

const std::string json_type = "Content-Type: application/json\r\n";
const std::string document = R"({"b": [1.10, "x\ny"], "a": null, "b": [2]})";

}  // namespace

// --- views -------------------------------------------------------------------------------------------------

TEST_CASE("rest show: --pick prints the values at a path, one per line") {
    CHECK(answered(document, {"--pick", "b[]"}).out == "1.10\n\"x\\ny\"\n2\n");
    CHECK(answered(document, {"--pick", "b[1]", "-r"}).out == "x\ny\n");
    CHECK(answered("{\"a\": {\n \"k\": 1.0 }}", {"--pick", "a"}).out == "{\"k\":1.0}\n");
}

TEST_CASE("rest show: picking nothing is reported, and picking from other text than JSON fails") {
    const Outcome nothing = answered(document, {"--pick", "c"});
    CHECK(nothing.code == 10);
    CHECK(nothing.out.empty());
    CHECK(nothing.err.find("nothing at 'c'") != std::string::npos);
    const Outcome html = answered("<html>", {"--pick", "c"});
    CHECK(html.code == 9);
    CHECK(html.err.find("it is not JSON") != std::string::npos);
    CHECK(answered(document, {"--pick", "c["}).code == 64);
}

TEST_CASE("rest show: nothing is picked from an error reply, which is quoted") {
    const Outcome outcome = answered(R"({"b":"no such thing"})", {"--pick", "b"}, {}, "404 Not Found");
    CHECK(outcome.code == 4);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("no such thing") != std::string::npos);
}

TEST_CASE("rest show: picking from a truncated reply fails") {
    Peer peer(
        {{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\": 1}\n{\"a\""), cut()}});
    const Outcome outcome = rest({peer.address(), "--pick", "a"});
    CHECK(outcome.code == 8);
    CHECK(outcome.out == "1\n");
}

TEST_CASE("rest show: events and NDJSON are picked from record by record") {
    const std::string events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    Peer peer(
        {{read_request(), send(events + "data: {\"a\": 1}\n\n: hm\ndata: {\"a\":\ndata: 2}\n\n"), stall()}});
    Command command = hail_command({"rest", peer.address(), "--pick", "a"});
    Process process(command);
    CHECK(process.read_line() == "1");
    CHECK(process.read_line() == "2");
    process.signal(SIGINT);
    CHECK(process.wait().code == 130);
    CHECK(answered("{\"a\":1}\n{\"a\":2}\n", {"--pick", "a"}, "Content-Type: application/x-ndjson\r\n").out ==
          "1\n2\n");
}

TEST_CASE("rest show: --sorted keeps the text of numbers and duplicate members") {
    CHECK(answered(document, {"--sorted"}, json_type).out == R"({"a":null,"b":[1.10,"x\ny"],"b":[2]})"
                                                             "\n");
    CHECK(answered("<html>", {"--sorted"}).out == "<html>");
}

TEST_CASE("rest show: the envelope has status, headers, body and times") {
    const Outcome outcome = answered(document, {"--envelope"}, json_type, "404 Not Found");
    CHECK(outcome.code == 4);
    CHECK(outcome.out.starts_with("{\"url\":\"http://127.0.0.1:"));
    CHECK(outcome.out.find("\"status\":404") != std::string::npos);
    CHECK(outcome.out.find(R"("body":{"b":[1.10,"x\ny"],"a":null,"b":[2]})") != std::string::npos);
    CHECK(outcome.out.find('\n') == outcome.out.size() - 1);
}

TEST_CASE("rest show: the head goes to a file while the body is piped") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("head");
    CHECK(answered("body", {"--headers-to", path}, "X-A: 1\r\n").out == "body");
    CHECK(read_file(path) == "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 4\r\n\r\n");
    CHECK(answered("", {"--headers-to", directory.path("no/where")}).code == 74);
    CHECK(answered("body", {"--headers-to", "-"}).out == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
}

TEST_CASE("rest show: the head is appended to an existing stderr") {
    const TemporaryDirectory directory;
    Peer peer(always([](const Received&) { return http_answer("body", "X-A: 1\r\n"); }),
              Peer::Others::repeat);
    CHECK(rest({peer.address(), "--headers-to", "/dev/stderr"})
              .err.starts_with("HTTP/1.1 200 OK\r\nX-A: 1\r\n"));
    const std::string call = hail_command({}).argv.front() + " rest " + peer.address();
    Command shell;
    shell.directory = directory.path();
    shell.argv = {"sh", "-c",
                  "{ echo a >&2; " + call +
                      " --headers-to /dev/stderr; echo b >&2; } 2>log; "
                      "{ echo c; " +
                      call + " -o /dev/stdout; echo d; } >out"};
    CHECK(run(shell).code == 0);
    CHECK(read_file(directory.path("log")) == "a\nHTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nb\n");
    CHECK(read_file(directory.path("out")) == "c\nbodyd\n");
}

TEST_CASE("rest show: a picked string cannot steer a terminal") {
    Peer peer({{read_request(), send(http_answer("{\"a\":\"\\u001b[31mred\"}"))}});
    const Outcome outcome = rest_on_terminal({peer.address(), "--pick", "a", "-r"});
    CHECK(outcome.out.find("\x1b[31m") == std::string::npos);
    CHECK(outcome.out.find("\\x1b[31mred") != std::string::npos);
}

TEST_CASE("rest show: views that exclude one another are a usage error before anything is sent") {
    Peer peer({{read_request(), reply("")}});
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"--envelope", "--sorted"},
                                               {"--pick", "a", "--envelope"},
                                               {"--array"},
                                               {"-r"},
                                               {"--show-secrets"},
                                               {"--page", "p", "--offset", "o"},
                                               {"--until", "status==200", "--paginate"},
                                               {"--expect", "state==done"},
                                               {"--items", "a["}}) {
        std::vector<std::string> arguments{peer.address()};
        arguments.insert(arguments.end(), words.begin(), words.end());
        CAPTURE(words.front());
        CHECK(rest(arguments).code == 64);
    }
    CHECK(peer.connections() == 0);
}

// --- curl --------------------------------------------------------------------------------------------------

TEST_CASE("rest curl: the line sends the same bytes") {
    const TemporaryDirectory directory;
    const std::string zeros = directory.file("zeros", std::string("a\0b\xff'%", 6));
    const std::vector<std::vector<std::string>> calls{
        {"/a/../b?q=[1]", "X-Empty;", "X-A:it's", "r==a b"},
        {"/x", "name=Ada \"L\"", "n:=1.10"},
        {"/x", "-f", "a=1 2&3"},
        {"/x", "@" + zeros, "Content-Type:application/octet-stream"},
        {"/x", "-X", "DELETE", "User-Agent:", "Accept:"},
    };
    for (const auto& call : calls) {
        CAPTURE(call.front());
        Peer peer(always([](const Received&) { return http_answer(""); }), Peer::Others::repeat);
        std::vector<std::string> arguments(call.begin() + 1, call.end());
        arguments.insert(arguments.begin(), peer.address(call.front()));
        CHECK(rest(arguments).code == 0);
        arguments.emplace_back("--curl");
        const Outcome line = rest(arguments);
        CHECK(line.code == 0);
        Command shell;
        shell.argv = {"sh", "-c", "curl() { command curl -s \"$@\"; }; " + line.out};
        CHECK(run(shell).code == 0);
        const auto received = peer.received();
        REQUIRE(received.size() == 2);
        CHECK(received[0].head == received[1].head);
        CHECK(received[0].body == received[1].body);
    }
}

TEST_CASE("rest curl: the line asks for compression and shows the same body") {
    const std::string gzip(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30\x3a\x36\x06\x00\x00"
        "\x00",
        26);
    Peer peer(always([&](const Received&) { return http_answer(gzip, "Content-Encoding: gzip\r\n"); }),
              Peer::Others::repeat);
    CHECK(rest({peer.address()}).out == "hello\n");
    Command shell;
    shell.argv = {"sh", "-c", rest({peer.address(), "--curl"}).out};
    CHECK(run(shell).out == "hello\n");
    const auto received = peer.received();
    REQUIRE(received.size() == 2);
    CHECK(received[0].head == received[1].head);
}

TEST_CASE("rest curl: secrets are masked, and nothing is sent") {
    Peer peer({{read_request(), reply("")}});
    const Outcome masked = rest({peer.address(), "X-Api-Key:k3y", "-u", "ada:pw7", "--curl"});
    CHECK(masked.out.find("k3y") == std::string::npos);
    CHECK(masked.out.find("pw7") == std::string::npos);
    CHECK(rest({peer.address(), "-u", "ada:pw7", "--curl", "--show-secrets"}).out.find("ada:pw7") !=
          std::string::npos);
    CHECK(peer.connections() == 0);
}

// --- expectations ------------------------------------------------------------------------------------------

TEST_CASE("rest expect: a met expectation is exit 0, a failed one exit 10, and the body is printed") {
    CHECK(answered(document, {"--expect", "a==null", "--expect", "header:X-A==1"}, "X-A: 1\r\n").code == 0);
    const Outcome outcome = answered(document, {"--expect", "b[][0]>=1", "--expect", "a==1"});
    CHECK(outcome.code == 10);
    CHECK(outcome.out == document);
    CHECK(outcome.err.find("the reply has no 'b[][0]'") != std::string::npos);
}

TEST_CASE("rest expect: an expected status is a success, an unexpected one is exit 10") {
    CHECK(answered("gone", {"--expect", "status==410"}, {}, "410 Gone").code == 0);
    CHECK(answered("gone", {"--expect", "status<300"}, {}, "410 Gone").code == 10);
    CHECK(answered("{}", {"--expect", "header:X-A!=1"}, {}, "410 Gone").code == 4);
}

TEST_CASE("rest expect: an expected status is picked from like any other") {
    const std::string gone = "{\"a\": 1}";
    CHECK(answered(gone, {"--expect", "status==410", "--pick", "a"}, {}, "410 Gone").out == "1\n");
    CHECK(answered(gone, {"--no-check-status", "--pick", "a"}, {}, "410 Gone").out == "1\n");
    const Outcome nothing = answered(gone, {"--expect", "status==410", "--pick", "b"}, {}, "410 Gone");
    CHECK(nothing.err == "hail: the reply has nothing at 'b'\n");
    CHECK(answered(gone, {"--pick", "a"}, {}, "410 Gone").out.empty());
}

// --- bodies ------------------------------------------------------------------------------------------------

TEST_CASE("rest body: a form with a file is sent as its parts, with its length") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("data.xml", "<x/>");
    Peer peer({{read_request(), reply("ok")}});
    CHECK(rest({"-f", "--boundary", "XX", peer.address(), "b:=3", "f@" + file + ";type=text/plain"}).code ==
          0);
    const auto received = peer.finish().at(0);
    CHECK(received.header("Content-Type") == "multipart/form-data; boundary=XX");
    CHECK(received.header("Content-Length") == std::to_string(received.body.size()));
    CHECK(received.body ==
          "--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n3\r\n"
          "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"data.xml\"\r\n"
          "Content-Type: text/plain\r\n\r\n<x/>\r\n--XX--\r\n");
}

TEST_CASE("rest body: a dry run of a form shows the bytes that are sent") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("f", "content\n");
    Peer peer({{read_request(), reply("")}});
    const std::vector<std::string> arguments{"--multipart",  "--boundary", "B",
                                             peer.address(), "a=1",        "f@" + file};
    std::vector<std::string> dry = arguments;
    dry.emplace_back("--dry-run");
    const std::string shown = rest(dry).out;
    CHECK(rest(arguments).code == 0);
    const auto received = peer.finish().at(0);
    CHECK(shown == received.head + received.body);
}

TEST_CASE("rest body: short stdin is sent with its length, longer stdin in chunks") {
    const TemporaryDirectory directory;
    const std::string large(3'000'000, 'x');
    const std::string file = directory.file("large", large);
    Peer peer({{serve([](const Received&) { return http_answer(""); })}}, Peer::Others::repeat);
    CHECK(rest({"POST", peer.address()}, "{\"a\":1}").code == 0);
    CHECK(rest({"PUT", peer.address(), "--chunked"}, "small").code == 0);
    Command pipe = hail_command({});
    pipe.argv = {"sh", "-c", "cat '" + file + "' | '" + pipe.argv.front() + "' rest PUT " + peer.address()};
    CHECK(run(pipe).code == 0);
    const auto received = peer.received();
    REQUIRE(received.size() == 3);
    CHECK(received[0].header("Content-Length") == "7");
    CHECK(received[0].header("Content-Type") == "application/json");
    CHECK(received[1].header("Transfer-Encoding") == "chunked");
    CHECK(received[1].body == "small");
    CHECK(received[2].header("Transfer-Encoding") == "chunked");
    CHECK((received[2].body == large));
}

TEST_CASE("rest body: an early refusal is reported while stdin is silent") {
    Peer peer({{read_until("begin"),
                send(http_answer("too much", "Connection: close\r\n", "413 Content Too Large"))}});
    Command command = hail_command({"rest", "POST", peer.address(), "--chunked"});
    command.input = "begin";
    Process process(command);
    CHECK(process.read_error_line().value_or("").find("413") != std::string::npos);  // stdin is still open
    CHECK(process.wait().code == 4);
}

TEST_CASE("rest body: a compressed body is smaller and has a Content-Encoding") {
    Peer peer({{read_request(), reply("ok")}});
    CHECK(rest({peer.address(), "-d", std::string(5000, 'x'), "--compress", "gzip"}).code == 0);
    const auto received = peer.finish().at(0);
    CHECK(received.header("Content-Encoding") == "gzip");
    CHECK(received.body.size() < 200);
    CHECK(received.body.starts_with("\x1f\x8b"));
}

TEST_CASE("rest body: a redirect sends a file again, but not a pipe") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("f", std::string(2'000'000, 'x'));
    const auto go = [](const Received& request) {
        return request.line().find("/new") != std::string::npos
                   ? http_answer("")
                   : http_answer("", "Location: /new\r\n", "307 Go");
    };
    Peer peer(always(go), Peer::Others::repeat);
    CHECK(rest({"-L", "PUT", peer.address(), "@" + file}).code == 0);
    CHECK(peer.received().at(1).body.size() == 2'000'000);
    Peer other(always(go), Peer::Others::repeat);
    CHECK(rest({"-L", "PUT", other.address(), "--chunked"}, "data").code == 3);
}
