#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rpc.h"

using namespace hail::support;

namespace {

const std::string result_of_1 = R"({"jsonrpc":"2.0","id":1,"result":1})";
const std::string an_error =
    R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found","data":[1.0]}})";

}  // namespace

TEST_CASE("rpc: only the bytes of the result are printed") {
    Peer peer({answer(
        R"({"jsonrpc":"2.0","id":1,"result":{"b":1.10,"a":"t\u00e4","a":12345678901234567890123}})")});
    const Outcome outcome = call(peer, {"1", "foo", "=2"});
    CHECK(outcome.out == "{\"b\":1.10,\"a\":\"t\\u00e4\",\"a\":12345678901234567890123}\n");
    CHECK(outcome.err.empty());
    CHECK(outcome.code == 0);
    const Received received = peer.finish().at(0);
    CHECK(received.line() == "POST /rpc HTTP/1.1");
    CHECK(received.header("Content-Type") == "application/json");
    CHECK(received.body == R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1,"foo","2"]})");
}

TEST_CASE("rpc: params are passed by name, or whole by --params") {
    Peer peer({answer(result_of_1), answer(result_of_1)});
    call(peer, {"name=Ada", "age:=36"});
    call(peer, {"--params", "[1.50]"});
    const auto received = peer.finish();
    CHECK(received.at(0).body == R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"Ada","age":36}})");
    CHECK(received.at(1).body == R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1.50]})");
}

TEST_CASE("rpc: -r prints a string without its quotes") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":1,"result":"a\n\u00e4"})")});
    CHECK(call(peer, {"-r"}).out == "a\nä\n");
}

TEST_CASE("rpc: an error is one line on stderr and exit 1") {
    Peer peer({answer(an_error)});
    const Outcome outcome = call(peer);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "hail: calling m: error -32601: Method not found (data: [1.0])\n");
    CHECK(outcome.code == 1);
}

TEST_CASE("rpc: --json prints the whole reply, whatever it is") {
    Peer peer({answer(an_error), answer(result_of_1)});
    const Outcome error = call(peer, {"--json"});
    CHECK(error.out == an_error + "\n");
    CHECK(error.code == 1);
    CHECK(call(peer, {"--json"}).out == result_of_1 + "\n");
}

TEST_CASE("rpc: --pretty indents a result and keeps the text of numbers") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":1,"result":{"a":1.10}})")});
    CHECK(call(peer, {"--pretty", "format"}).out == "{\n    \"a\": 1.10\n}\n");
}

TEST_CASE("rpc: long error data is truncated on stderr and complete with --json") {
    const std::string reply_text =
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"m","data":")" +
        std::string(3'000'000, 'x') + "\"}}";
    Peer peer({answer(reply_text), answer(reply_text)});
    CHECK(call(peer).err.size() < 400);
    CHECK(call(peer, {"--json"}).out.size() == reply_text.size() + 1);
}

TEST_CASE("rpc: control characters in an error are escaped") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"a\u001b[2J\nb"}})")});
    CHECK(call(peer).err == "hail: calling m: error 1: a\\x1b[2J\\x0ab\n");
}

TEST_CASE("rpc: a JSON-RPC error takes precedence over the HTTP status") {
    for (const auto* status : {"400 Bad Request", "404 Not Found", "500 Internal Server Error"}) {
        CAPTURE(status);
        Peer peer({answer(an_error, status)});
        CHECK(call(peer).code == 1);
    }
}

TEST_CASE("rpc: an HTML page with an HTTP error is quoted, exit 4 or 5") {
    Peer peer({answer("<html>\nno", "404 Not Found"), answer("<html>\nno", "502 Bad Gateway")});
    const Outcome not_found = call(peer);
    CHECK(not_found.err == "hail: calling m: HTTP 404 Not Found: 'no'\n");
    CHECK(not_found.code == 4);
    const Outcome gateway = call(peer);
    CHECK(gateway.err.find("the call may have been executed") != std::string::npos);
    CHECK(gateway.code == 5);
}

TEST_CASE("rpc: after HTTP 401 the hint names --user and --bearer") {
    Peer peer({answer("", "401 Unauthorized", "WWW-Authenticate: Basic\r\n")});
    const Outcome outcome = call(peer);
    CHECK(outcome.err.find("--user") != std::string::npos);
    CHECK(outcome.code == 4);
}

TEST_CASE("rpc: a redirect is not followed") {
    Peer peer({answer("", "307 Temporary Redirect", "Location: http://elsewhere/\r\n")});
    CHECK(call(peer).code == 3);
}

TEST_CASE("rpc: a reply that is not valid is exit 9") {
    const std::vector<std::string> bodies{
        "",
        "42",
        "null",
        "\"x\"",
        "<html>",
        "[" + result_of_1 + "," + result_of_1 + "]",
        result_of_1 + result_of_1,
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + std::string(1'000'000, '[')};
    for (const std::string& body : bodies) {
        CAPTURE(body.substr(0, 50));
        Peer peer({answer(body)});
        const Outcome outcome = call(peer);
        CHECK(outcome.out.empty());
        CHECK(outcome.code == 9);
    }
}

TEST_CASE("rpc: a call answered with 204 is exit 9") {
    Peer peer({{read_request(), send("HTTP/1.1 204 No Content\r\n\r\n")}});
    const Outcome outcome = call(peer);
    CHECK(outcome.err == "hail: calling m: the reply is empty; the call may have been executed\n");
    CHECK(outcome.code == 9);
}

TEST_CASE("rpc: faults in a reply are accepted with a warning, or are exit 9 with --strict") {
    const std::vector<std::string> bodies{R"({"jsonrpc":"2.0","id":"1","result":1})",
                                          R"({"jsonrpc":"2.0","id":1.0,"result":1})",
                                          R"({"jsonrpc":"2.0","id":null,"result":1})",
                                          R"({"id":1,"result":1})",
                                          R"({"jsonrpc":"2.0","id":1,"result":1,"error":null})",
                                          "[" + result_of_1 + "]",
                                          "\xEF\xBB\xBF" + result_of_1};
    for (const std::string& body : bodies) {
        CAPTURE(body);
        Peer peer({answer(body), answer(body)});
        const Outcome tolerant = call(peer);
        CHECK(tolerant.out == "1\n");
        CHECK(tolerant.err.starts_with("hail: warning: about the reply: it"));
        CHECK(tolerant.code == 0);
        CHECK(call(peer, {"--strict"}).code == 9);
    }
}

TEST_CASE("rpc: a JSON-RPC 1.x reply is accepted silently, but not with --strict") {
    Peer peer({answer(R"({"id":1,"result":5,"error":null})"), answer(R"({"id":1,"result":5,"error":null})")});
    const Outcome outcome = call(peer);
    CHECK(outcome.out == "5\n");
    CHECK(outcome.err.empty());
    CHECK(call(peer, {"--strict"}).code == 9);
}

TEST_CASE("rpc: any content type is accepted") {
    Peer peer({answer(result_of_1 + "\n\n", "200 OK", "Content-Type: text/plain\r\n")});
    CHECK(call(peer, {"--strict"}).code == 0);
}

TEST_CASE("rpc: a reply in an event stream is unwrapped, and notifications before it go to stderr") {
    Peer peer(
        {answer(": hi\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"log\"}\n\ndata: "
                "{\"jsonrpc\":\"2.0\",\ndata: \"id\":1,\"result\":\"x\"}\n\n",
                "200 OK", "Content-Type: text/event-stream\r\n")});
    const Outcome outcome = call(peer);
    CHECK(outcome.out == "\"x\"\n");
    CHECK(outcome.err.find("\"method\":\"log\"") != std::string::npos);
    CHECK(outcome.code == 0);
}

TEST_CASE("rpc: a notification has no id and expects no reply") {
    for (const auto* reply_head :
         {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        CAPTURE(reply_head);
        Peer peer({{read_request(), send(reply_head)}});
        const Outcome outcome = call(peer, {"--notify"});
        CHECK(outcome.out.empty());
        CHECK(outcome.err.empty());
        CHECK(outcome.code == 0);
        CHECK(peer.finish().at(0).body == R"({"jsonrpc":"2.0","method":"m"})");
    }
}

TEST_CASE("rpc: an error that answers a notification is reported") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}})",
                      "400 Bad Request")});
    const Outcome outcome = call(peer, {"--notify"});
    CHECK(outcome.err == "hail: notifying m: error -32600: Invalid Request\n");
    CHECK(outcome.code == 1);
}

TEST_CASE("rpc: --id sets the bytes of the id") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":"\u0061","result":1})")});
    CHECK(call(peer, {"--id", "\"a\""}).code == 0);
    CHECK(peer.finish().at(0).body == R"({"jsonrpc":"2.0","id":"a","method":"m"})");
    const Outcome wrong = hail::support::hail({"rpc", "localhost:1", "m", "--id", "a\"b"});
    CHECK(wrong.err.find("write a string as '\"a\\\"b\"'") != std::string::npos);
    CHECK(wrong.code == 64);
}

TEST_CASE("rpc: headers are added, replaced and removed") {
    Peer peer({answer(result_of_1)});
    call(peer, {"-H", "X-Key: 5", "-H", "Content-Type: application/json-rpc", "-H", "User-Agent:"});
    const Received received = peer.finish().at(0);
    CHECK(received.header("X-Key") == "5");
    CHECK(received.header("Content-Type") == "application/json-rpc");
    CHECK(received.header("User-Agent").empty());
}

TEST_CASE("rpc: a truncated reply is exit 8, with a length or in chunks") {
    const std::vector<std::string> replies{
        "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + result_of_1,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + result_of_1};
    for (const std::string& text : replies) {
        Peer peer({{read_request(), send(text), cut()}});
        const Outcome outcome = call(peer);
        CHECK(outcome.out.empty());
        CHECK(outcome.code == 8);
    }
}

TEST_CASE("rpc: a reset after the request was read is exit 8, and the call is sent once") {
    Peer peer({{read_request(), reset()}});
    CHECK(call(peer).code == 8);
    CHECK(peer.finish().size() == 1);
    CHECK(peer.connections() == 1);
}

TEST_CASE("rpc: a service that cannot be reached is exit 7") {
    CHECK(hail::support::hail({"rpc", "127.0.0.1:1", "m"}).code == 7);
}

TEST_CASE("rpc: a server that stays silent is exit 2 after --timeout") {
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"), stall()}});
    CHECK(call(peer, {"--timeout", "200ms"}).code == 2);
}

TEST_CASE("rpc: a reply above the limit is exit 9") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":1,"result":")" + std::string(100'000, 'x') + "\"}")});
    const Outcome outcome = call(peer, {"--max-reply", "10k"});
    CHECK(outcome.err.find("larger than 10 KiB") != std::string::npos);
    CHECK(outcome.code == 9);
}

TEST_CASE("rpc: a dry run prints the exact bytes, with secrets masked") {
    const Outcome outcome =
        hail::support::hail({"rpc", "me:secret@localhost:1/rpc", "m", "[1.0]", "--dry-run"});
    CHECK(outcome.out.starts_with("POST /rpc HTTP/1.1\r\nHost: localhost:1\r\n"));
    CHECK(
        outcome.out.ends_with("\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[[1.0]]}"));
    CHECK(outcome.out.find("secret") == std::string::npos);
    CHECK(outcome.code == 0);
}

TEST_CASE("rpc: params by name and by position cannot be mixed") {
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "a=1", "2"}).code == 64);
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "2", "--params", "[1]"}).code == 64);
}

TEST_CASE("rpc: on a terminal the result is indented and cannot steer the terminal") {
    Peer peer({answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\xC2\x9B"
                      "2J\"}}"),
               answer(R"({"jsonrpc":"2.0","id":1,"result":"a\u001b[2Jb"})")});
    Command command = hail_command({"rpc", peer.address(), "m", "--color", "never"});
    command.terminal = Command::Terminal::all;
    CHECK(run(command).out == "{\n    \"a\": \"\\u009b2J\"\n}\n");
    Command raw = hail_command({"rpc", peer.address(), "m", "-r"});
    raw.terminal = Command::Terminal::all;
    CHECK(run(raw).out == "a\\x1b[2Jb\n");
}
