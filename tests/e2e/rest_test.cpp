#include <doctest/doctest.h>

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

std::string status(const std::string& line, const std::string& body, const std::string& extra = {}) {
    return "HTTP/1.1 " + line + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("rest: on a terminal an error begins on a new line, even after truncated JSON") {
    Peer peer(
        {{read_request(),
          send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[1,{\"a\":2}"),
          cut()}});
    const Outcome outcome = rest_on_terminal({peer.address(), "--body", "--color", "never"});
    CHECK(outcome.code == 8);
    CHECK(outcome.out.find("}\nhail: GET ") != std::string::npos);
}

TEST_CASE("rest: a pipe gets the body's bytes and nothing else") {
    const std::string body("{\"b\": 1.10,\r\n\"a\":\0\xff}", 20);
    Peer peer({{read_request(), reply(body, "Content-Type: application/json\r\n")}});
    const Outcome outcome = rest({peer.address("/x")});
    CHECK(outcome.out == body);
    CHECK(outcome.err.empty());
    CHECK(outcome.code == 0);
    CHECK(peer.finish().at(0).head.starts_with("GET /x HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST_CASE("rest: a dry run prints the bytes that are sent, and sends nothing") {
    Peer peer({{read_request(), reply("")}});
    const std::vector<std::string> arguments{
        peer.address("/u?q=1"), "name=Ada", "age:=36", "tags[]=math", "X-A:1", "X-A:2", "r==a b",
        "User-Agent:"};
    std::vector<std::string> dry = arguments;
    dry.emplace_back("--dry-run");
    const Outcome shown = rest(dry);
    CHECK(peer.connections() == 0);
    CHECK(rest(arguments).code == 0);
    const auto received = peer.finish().at(0);
    CHECK(shown.out == received.head + received.body);
    CHECK(received.line() == "POST /u?q=1&r=a+b HTTP/1.1");
    CHECK(received.body == R"({"name":"Ada","age":36,"tags":["math"]})");
    CHECK(received.header("User-Agent").empty());
}

TEST_CASE("rest: forms, raw bodies and files are sent unchanged") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("body.xml", "<x/>\n");
    Peer peer({{serve([](const Received&) { return status("200 OK", ""); })}}, Peer::Others::repeat);
    CHECK(rest({"-f", peer.address(), "a=1 2&é", "b:=true"}).code == 0);
    CHECK(rest({peer.address(), "-d", "[1.10]"}).code == 0);
    CHECK(rest({"put", peer.address(), "@" + file}).code == 0);
    const auto received = peer.received();
    CHECK(received.at(0).body == "a=1+2%26%C3%A9&b=true");
    CHECK(received.at(0).header("Content-Type") == "application/x-www-form-urlencoded; charset=utf-8");
    CHECK(received.at(1).body == "[1.10]");
    CHECK(received.at(1).header("Content-Type") == "application/json");
    CHECK(received.at(2).line() == "PUT / HTTP/1.1");
    CHECK(received.at(2).body == "<x/>\n");
    CHECK(received.at(2).header("Content-Type") == "application/xml");
}

TEST_CASE("rest: the class of the status decides the exit status, and the body is always printed") {
    const struct {
        const char* line;
        int code;
    } cases[] = {{"200 OK", 0}, {"302 Found", 3}, {"404 Not Found", 4}, {"503 Busy", 5}};
    for (const auto& one : cases) {
        CAPTURE(one.line);
        Peer peer({{read_request(), send(status(one.line, "why"))},
                   {read_request(), send(status(one.line, "why"))}});
        const Outcome outcome = rest({peer.address()});
        CHECK(outcome.out == "why");
        CHECK(outcome.code == one.code);
        CHECK((outcome.code == 0) == outcome.err.empty());
        CHECK(rest({peer.address(), "--no-check-status"}).code == 0);
    }
}

TEST_CASE("rest: every kind of incomplete reply has its exit status and one line of error") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const struct {
        const char* name;
        std::vector<Step> talk;
        int code;
        const char* said;
    } cases[] = {
        {"short", {send(head + "Content-Length: 9\r\n\r\ncut"), cut()}, 8, "the reply was cut"},
        {"no last chunk", {send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\ncut\r\n"), cut()}, 8, "cut"},
        {"reset", {send(head + "Content-Length: 9\r\n\r\ncut"), reset()}, 8, "broke"},
        {"no answer", {cut()}, 8, "without an answer"},
        {"gzip cut",
         {send(head + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"), cut()},
         8,
         "body is incomplete"},
        {"stall", {send(head + "Content-Length: 9\r\n\r\ncut"), stall()}, 2, "in the middle of the reply"},
        {"silence", {stall()}, 2, "waiting for the reply"},
        {"not HTTP", {send("220 mail ready\r\n"), cut()}, 9, "is not HTTP"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        Script script{read_request()};
        script.insert(script.end(), one.talk.begin(), one.talk.end());
        Peer peer({script});
        const Outcome outcome = rest({peer.address(), "--timeout", "300ms"});
        CAPTURE(outcome.err);
        CHECK(outcome.code == one.code);
        CHECK(outcome.err.find(one.said) != std::string::npos);
        CHECK((outcome.out.empty() || outcome.out == "cut"));
    }
}

TEST_CASE("rest: a file is created only if the reply was complete") {
    const TemporaryDirectory directory;
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"), cut()},
               {read_request(), reply("whole")}});
    const std::string file = directory.path("out");
    CHECK(rest({peer.address(), "-o", file}).code == 8);
    CHECK_FALSE(directory.has("out"));
    CHECK(rest({peer.address(), "-o", file}).code == 0);
    CHECK(read_file(file) == "whole");
    CHECK_FALSE(directory.has("out.part"));
}

TEST_CASE("rest: a wrong command line is an error before anything is sent") {
    const Peer peer({});
    for (const auto& wrong : std::vector<std::vector<std::string>>{{peer.address(), "age:=tru"},
                                                                   {peer.address(), "a[b=1"},
                                                                   {peer.address(), "X A:1"},
                                                                   {"ftp://localhost/"},
                                                                   {"localhost:99999"},
                                                                   {peer.address(), "-d", "x", "a=1"},
                                                                   {"HEAD", peer.address(), "a=1"},
                                                                   {peer.address(), "--print", "x"},
                                                                   {"GET"},
                                                                   {}}) {
        const Outcome outcome = rest(wrong);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 64);
        CHECK(outcome.out.empty());
    }
    CHECK(rest({peer.address(), "@/nowhere"}).code == 66);
    CHECK(peer.connections() == 0);
}

TEST_CASE("rest: a port without a listener is exit 7") {
    std::string address;
    {
        const Peer peer({});
        address = peer.address();
    }
    const Outcome outcome = rest({address});
    CHECK(outcome.code == 7);
    CHECK(outcome.err == "hail: GET http://" + address +
                             ": cannot connect: Connection refused\n      is something listening at " +
                             address.substr(0, address.find('/')) + "?\n");
}

TEST_CASE("rest: credentials are sent, and never shown") {
    Peer peer({{read_request(), reply("")}, {read_request(), reply("")}});
    const Outcome verbose = rest({"http://ada:s3cret@" + peer.address(), "-v"});
    CHECK(verbose.err.find("s3cret") == std::string::npos);
    CHECK(verbose.err.find("> Authorization: Basic ***\n") != std::string::npos);
    CHECK(rest({peer.address(), "--bearer", "t0ken", "Cookie:a=b"}).code == 0);
    const auto received = peer.finish();
    CHECK(received.at(0).header("Authorization") == "Basic YWRhOnMzY3JldA==");
    CHECK(received.at(1).header("Authorization") == "Bearer t0ken");
    const Outcome dry = rest({peer.address(), "--bearer", "t0ken", "X-Api-Key:k3y", "--dry-run"});
    CHECK(dry.out.find("t0ken") == std::string::npos);
    CHECK(dry.out.find("k3y") == std::string::npos);
}

TEST_CASE("rest: a terminal sees the head, and JSON indented and coloured") {
    Peer peer({{read_request(), reply(R"({"a":1.10})", "Content-Type: application/json\r\n")}});
    const Outcome outcome = rest_on_terminal({peer.address()});
    CHECK(outcome.out.starts_with("\x1b[1mHTTP/1.1 200 OK\x1b[0m\n"));
    CHECK(outcome.out.ends_with("\n\n{\n    \x1b[1;34m\"a\"\x1b[0m: \x1b[36m1.10\x1b[0m\n}\n"));
}

TEST_CASE("rest: a reply does not steer the terminal, and binary is not shown") {
    Peer peer({{read_request(), reply("a\x1b[2Jb\r\nc", "X-Evil: \x1b[31m\r\n")},
               {read_request(), reply("{\"a\":\"\x1b[2J\"}")},
               {read_request(), reply(std::string("\x89PNG\0\0", 6))}});
    const std::string text = rest_on_terminal({peer.address(), "--color", "never"}).out;
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.ends_with("\na\\x1b[2Jb\nc\n"));
    CHECK(rest_on_terminal({peer.address(), "--color", "never"}).out.find('\x1b') == std::string::npos);
    CHECK(rest_on_terminal({peer.address(), "-b"}).out == "(binary, 6 B: -o FILE keeps it)\n");
}

TEST_CASE("rest: the letters of --print choose the parts") {
    Peer peer({{serve([](const Received&) { return status("200 OK", "body"); })}}, Peer::Others::repeat);
    CHECK(rest({peer.address(), "--headers"}).out == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    CHECK(rest({peer.address(), "-b"}).out == "body");
    CHECK(rest({peer.address(), "-p", "hb"}).out == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
    CHECK(rest({peer.address(), "-p", "H"}).out.starts_with("GET / HTTP/1.1\r\n"));
    CHECK(rest({peer.address(), "-m"}).out.find("\nhead: 38 B\nbody: 4 B\n") != std::string::npos);
}

TEST_CASE("rest: an interrupt ends a stalled call, and the error says that it was sent") {
    Peer peer({{read_request(), stall()}});
    Process process(hail_command({"rest", peer.address()}));
    while (peer.received().empty()) {
    }
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 130);
    CHECK(outcome.err.find("after hail began to send the request") != std::string::npos);
}

TEST_CASE("rest: hail warns if a typed body is sent as JSON but is not valid JSON") {
    const auto said = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"rest", "--dry-run", "h/x", "-d"});
        return hail::support::hail(std::move(arguments)).err;
    };
    CHECK(said({"hello"}).find("sent as application/json but is not valid JSON") != std::string::npos);
    CHECK(said({"{\"a\":1}"}).empty());
    CHECK(said({"hello", "Content-Type:text/plain"}).empty());
    CHECK(said({"a=1", "-f"}).empty());
}
