#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail::support;

namespace {

const std::string stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

}  // namespace

TEST_CASE("rpc events: the reply ends the call, whatever the stream does next") {
    const std::string event = "data: {\"method\":\"log\"}\n\ndata: " + result_reply("\"x\"") + "\n\n";
    const std::vector<Script> ends{
        {read_request(), send(stream_head + event), stall()},
        {read_request(), send(stream_head + event), reset()},
        {read_request(), send(stream_head + event + "data: " + error_reply(1, "late") + "\n\n"), cut()},
        {read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + event), stall()}};
    for (const Script& script : ends) {
        Peer peer({script});
        const Outcome outcome = call(peer, {"--strict"});
        CHECK(outcome.out == "\"x\"\n");
        CHECK(outcome.err == "hail: message from the server: {\"method\":\"log\"}\n");
        CHECK(outcome.code == 0);
    }
}

TEST_CASE("rpc events: a stream that ends without the reply is exit 9, one that is cut is exit 8") {
    Peer ended({{read_request(), send(stream_head + ": nothing\n\n"), cut()}});
    CHECK(call(ended).code == 9);
    Peer broken(
        {{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n: nothing\n\n"), cut()}});
    CHECK(call(broken).code == 8);
}

TEST_CASE("rpc events: a notification does not wait for a stream to end") {
    Peer peer({{read_request(), send(stream_head), stall()}});
    const Outcome outcome = call(peer, {"--notify"});
    CHECK(outcome.err.empty());
    CHECK(outcome.code == 0);
}

TEST_CASE("rpc events: text that only begins like an event is quoted") {
    Peer peer({answer("error: database is down")});
    const Outcome outcome = call(peer);
    CHECK(mentions(outcome.err, "not JSON: 'error: database is down'"));
    CHECK(outcome.code == 9);
}

TEST_CASE("rpc: a page that came instead of a reply is quoted by its words") {
    const std::string page =
        "<!DOCTYPE html>\n<html><head>\n<title>Sign in</title></head><body>Name:</body></html>";
    Peer peer({answer(page, "200 OK", "Content-Type: application/json\r\n"), answer(page, "403 Forbidden")});
    CHECK(
        call(peer).err ==
        "hail: calling m: the reply is an HTML page, not JSON: 'Sign in'; the call may have been executed\n");
    CHECK(call(peer).err == "hail: calling m: HTTP 403 Forbidden: 'Sign in'\n");
}

TEST_CASE("rpc: the code of an error is shown as it came") {
    Peer peer({answer(R"({"jsonrpc":"2.0","id":1,"error":{"code":"E42","message":"no"}})")});
    const Outcome outcome = call(peer);
    CHECK(mentions(outcome.err, "hail: calling m: error \"E42\": no\n"));
    CHECK(outcome.code == 1);
}

TEST_CASE("rpc: a word that begins like JSON but is not valid is passed as text, with a warning") {
    Peer peer({answer(result_reply("1")), answer(result_reply("1"))});
    const Outcome outcome = call(peer, {"{\"a\":1"});
    CHECK(mentions(outcome.err, "hail: warning: param 1: '{\"a\":1' is passed as text: it begins like JSON"));
    CHECK(outcome.code == 0);
    CHECK(call(peer, {"={\"a\":1"}).err.empty());
    CHECK(mentions(peer.finish().at(0).body, R"("params":["{\"a\":1"])"));
}

TEST_CASE("rpc: a name without a value is refused, and both ways out work") {
    Peer peer({answer(result_reply("1")), answer(result_reply("1"))});
    const Outcome refused = call(peer, {"ZGQ="});
    CHECK(mentions(refused.err, "write '=ZGQ='"));
    CHECK(mentions(refused.err, "write 'ZGQ:=\"\"'"));
    CHECK(refused.code == 64);
    call(peer, {"=ZGQ="});
    call(peer, {"ZGQ:=\"\""});
    CHECK(mentions(peer.finish().at(0).body, R"("params":["ZGQ="])"));
    CHECK(mentions(peer.finish().at(1).body, R"("params":{"ZGQ":""})"));
}

TEST_CASE("rpc: --member adds members beside the params") {
    Peer peer({answer(result_reply("1"))});
    call(peer, {"--member", "auth=038e1d7b", "--member", "arguments[fields][]=id", "a=b"});
    CHECK(peer.finish().at(0).body == R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"b"},)"
                                      R"("auth":"038e1d7b","arguments":{"fields":["id"]}})");
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "--member", "method=x"}).code == 64);
    const Outcome masked =
        hail::support::hail({"rpc", "localhost:1", "m", "--member", "password=038e1d7b", "--dry-run"});
    CHECK_FALSE(mentions(masked.out, "038e1d7b"));
}

TEST_CASE("rpc: an error that speaks of params after a call without any hints at an empty list") {
    const std::string invalid = error_reply(-32602, "Invalid");
    const std::string words = error_reply(2, "missing param 'params'");
    const std::string hint = "add --params '[]'";
    Peer peer({answer(invalid), answer(words), answer(words), answer(error_reply(2, "no"))});
    CHECK(mentions(call(peer).err, hint));
    CHECK(mentions(call(peer).err, hint));
    CHECK_FALSE(mentions(call(peer, {"--params", "[]"}).err, hint));
    CHECK_FALSE(mentions(call(peer).err, hint));
}

TEST_CASE("rpc: --pick prints the values at a path in the result, with -r as text") {
    const std::string list = result_reply(R"([{"gid":"a\u00e4","n":1.50},{"gid":"b","n":{ "x": 1 }}])");
    Peer peer({answer(list), answer(list), answer(list), answer(list)});
    CHECK(call(peer, {"--pick", "[][gid]"}).out == "\"a\\u00e4\"\n\"b\"\n");
    CHECK(call(peer, {"--pick", "[][gid]", "-r"}).out == "aä\nb\n");
    CHECK(call(peer, {"--pick", "[][n]"}).out == "1.50\n{\"x\":1}\n");
    const Outcome nothing = call(peer, {"--pick", "[][none]"});
    CHECK(nothing.err == "hail: calling m: the result has nothing at '[][none]'\n");
    CHECK(nothing.code == 10);
}

TEST_CASE("rpc: --pick with --json picks from the whole reply") {
    Peer peer({answer(error_reply(7, "no"))});
    const Outcome outcome = call(peer, {"--json", "--pick", "error[code]"});
    CHECK(outcome.out == "7\n");
    CHECK(outcome.code == 1);
}

TEST_CASE("rpc: --expect judges the result") {
    const std::string reply_text = result_reply(R"({"isError":true,"n":3})");
    Peer peer({answer(reply_text), answer(reply_text), answer(reply_text), answer(error_reply(1, "no"))});
    CHECK(call(peer, {"--expect", "n>=3", "--expect", "status==200"}).code == 0);
    const Outcome failed = call(peer, {"--expect", "isError==false"});
    CHECK(failed.out == "{\"isError\":true,\"n\":3}\n");
    CHECK(failed.err == "hail: calling m: expected isError==false, but isError is true\n");
    CHECK(failed.code == 10);
    CHECK(call(peer, {"--expect", "!isError"}).code == 10);
    CHECK(call(peer, {"--expect", "n==3"}).code == 1);
}

TEST_CASE("rpc: with --json, --expect judges the whole reply, and an expected error is exit 0") {
    const std::string error = error_reply(-32601, "no");
    Peer peer({answer(error), answer(error), answer(error)});
    CHECK(call(peer, {"--json", "--expect", "error[code]==-32601"}).code == 0);
    CHECK(call(peer, {"--json", "--expect", "result==1"}).code == 10);
    CHECK(call(peer, {"--json", "--expect", "status==200"}).code == 1);
}
