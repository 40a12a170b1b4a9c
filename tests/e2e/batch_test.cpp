#include <doctest/doctest.h>

#include <csignal>
#include <future>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

std::string ok(int id, const std::string& result) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + result + "}";
}

// Calls with the user's ids "a", "b", …
std::string calls(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += R"({"jsonrpc":"2.0","id":")" + std::string(1, static_cast<char>('a' + i)) +
                R"(","method":"m"})" + "\n";
    }
    return text;
}

const std::string error_id_null =
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}})";

Outcome batch(const Peer& peer, const std::string& input, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"batch", peer.address()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hail::support::hail(arguments, input);
}

}  // namespace

TEST_CASE("batch: replies in any order come out in input order with the user's ids") {
    Peer peer({{read_request(),
                reply("[" + ok(3, "30") + "," + ok(1, "1.10") + "," + ok(2, "{\"b\":1,\"a\":2}") + "]")}});
    const Outcome outcome = batch(peer, calls(3));
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1.10}\n{\"i\":1,\"id\":\"b\",\"result\":{\"b\":1,\"a\":2}}\n{"
          "\"i\":2,\"id\":\"c\",\"result\":30}\n");
    CHECK(outcome.err == "hail: 3 calls: 3 ok; 1 POST\n");
    CHECK(outcome.code == 0);
    const auto received = peer.finish();
    CHECK(received.at(0).body ==
          R"([{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":2,"method":"m"},)"
          R"({"jsonrpc":"2.0","id":3,"method":"m"}])");
    CHECK(received.at(0).header("Content-Type") == "application/json");
}

TEST_CASE("batch: replies are printed while later calls are still running") {
    std::promise<void> seen;
    Peer peer(
        {{read_request(), [](Connection& connection) { connection.pause(hail::base::Milliseconds(100)); },
          reply(ok(1, "1")), read_request(), [&](Connection&) { seen.get_future().wait(); },
          reply(ok(2, "2"))}});
    Command command = hail_command({"batch", peer.address(), "--chunk", "1", "--parallel", "1"});
    command.input = calls(2);
    Process process(command);
    process.close_input();
    CHECK(process.read_line() == R"({"i":0,"id":"a","result":1})");
    seen.set_value();
    CHECK(process.wait().code == 0);
}

TEST_CASE("batch: --order done prints in the order of the replies") {
    Peer peer({{read_request(), reply("[" + ok(3, "3") + "," + ok(1, "1") + "," + ok(2, "2") + "]")}});
    const Outcome outcome = batch(peer, calls(3), {"--order", "done"});
    CHECK(outcome.out ==
          "{\"i\":2,\"id\":\"c\",\"result\":3}\n{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\","
          "\"result\":2}\n");
}

TEST_CASE("batch: a call without a reply is unknown, exit 8, and its request is kept") {
    const TemporaryDirectory directory;
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(3, "3") + "]")}});
    const Outcome outcome =
        batch(peer, calls(3), {"--unknown", directory.path("unknown"), "--errors", directory.path("errors")});
    CHECK(outcome.out.find(
              "{\"i\":1,\"id\":\"b\",\"outcome\":\"unknown\",\"why\":\"no reply to this call\"}\n") !=
          std::string::npos);
    CHECK(outcome.code == 8);
    CHECK(read_file(directory.path("unknown")) == "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"m\"}\n");
    CHECK(read_file(directory.path("errors")).empty());
}

TEST_CASE("batch: the first of two replies to one call counts, and hail reports the other") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(1, "9") + "," + ok(2, "2") + "]")}});
    const Outcome outcome = batch(peer, calls(2));
    CHECK(outcome.out == "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n");
    CHECK(outcome.err == "hail: 2 calls: 2 ok; 1 POST, 1 second reply dropped\n");
    CHECK(outcome.code == 0);
}

TEST_CASE("batch: ids that come back as strings are accepted with one warning, but not with --strict") {
    const std::string body =
        R"([{"jsonrpc":"2.0","id":"1","result":1},{"jsonrpc":"2.0","id":"2","result":2}])";
    Peer peer({{read_request(), reply(body)}, {read_request(), reply(body)}});
    const Outcome tolerant = batch(peer, calls(2));
    CHECK(tolerant.code == 0);
    CHECK(tolerant.err.find("warning: about the reply: its id is a string") != std::string::npos);
    CHECK(batch(peer, calls(2), {"--strict"}).code == 9);
}

TEST_CASE("batch: an error among results is exit 1, and its request can be used as input again") {
    const TemporaryDirectory directory;
    Peer peer(
        {{read_request(),
          reply("[" + ok(1, "1") + R"(,{"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"x"}}])")}});
    const Outcome outcome = batch(peer, calls(2), {"--errors", directory.path("errors")});
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"error\":{\"code\":-32602,\"message\":"
          "\"x\"}}\n");
    CHECK(outcome.code == 1);
    CHECK(read_file(directory.path("errors")) == "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"m\"}\n");
}

TEST_CASE("batch: a refused batch is halved, the size is kept, and each call runs once") {
    const Step refuse = reply(error_id_null);
    Peer peer({{read_request(), refuse, read_request(), reply("[" + ok(5, "1") + "," + ok(6, "2") + "]"),
                read_request(), reply("[" + ok(7, "3") + "," + ok(8, "4") + "]")}});
    const Outcome outcome = batch(peer, calls(4), {"--parallel", "1"});
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n{\"i\":2,\"id\":\"c\","
          "\"result\":3}\n"
          "{\"i\":3,\"id\":\"d\",\"result\":4}\n");
    CHECK(outcome.err == "hail: 4 calls: 4 ok; 3 POSTs, at most 2 calls in one, as the server requires\n");
    CHECK(outcome.code == 0);
}

TEST_CASE("batch: the size that the server names is used, and each call runs once") {
    const std::string refusal =
        R"({"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"batch limit 3 exceeded"}})";
    Peer peer({{read_request(), reply(refusal), read_request(),
                reply("[" + ok(9, "1") + "," + ok(10, "2") + "," + ok(11, "3") + "]"), read_request(),
                reply("[" + ok(12, "4") + "," + ok(13, "5") + "," + ok(14, "6") + "]"), read_request(),
                reply("[" + ok(15, "7") + "," + ok(16, "8") + "]")}});
    const Outcome outcome = batch(peer, calls(8), {"--parallel", "1", "--summary", "json"});
    CHECK(outcome.err.find("\"ok\":8,") != std::string::npos);
    CHECK(outcome.err.find("\"chunk\":3,") != std::string::npos);
    CHECK(outcome.code == 0);
}

TEST_CASE("batch: an array with a single error about the batch refuses the whole batch") {
    Peer peer({{read_request(), reply("[" + error_id_null + "]"), read_request(), reply(ok(3, "1")),
                read_request(), reply(ok(4, "2"))}});
    CHECK(batch(peer, calls(2), {"--parallel", "1"}).out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n");
}

TEST_CASE("batch: HTTP 413 splits a batch too") {
    const Step too_large = send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 6\r\n\r\n<html>");
    Peer peer(
        {{read_request(), too_large, read_request(), reply(ok(3, "1")), read_request(), reply(ok(4, "2"))}});
    const Outcome outcome = batch(peer, calls(2), {"--parallel", "1"});
    CHECK(outcome.code == 0);
    CHECK(peer.finish().size() == 3);
}

TEST_CASE("batch: calls answered with an empty array are unknown") {
    Peer peer({{read_request(), reply("[]")}});
    const Outcome outcome = batch(peer, calls(3), {"--summary", "json"});
    CHECK(outcome.err.find("\"unknown\":3,") != std::string::npos);
    CHECK(outcome.code == 8);
}

TEST_CASE("batch: the complete replies in a truncated body count") {
    const std::string body = "[" + ok(1, "1") + "," + ok(2, "2") + R"(,{"jsonrpc":"2.0","id":3,"res)";
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body), cut()}});
    const Outcome outcome = batch(peer, calls(3));
    CHECK(
        outcome.out.starts_with("{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n{"
                                "\"i\":2,\"id\":\"c\",\"outcome\":\"unknown\""));
    CHECK(outcome.code == 8);
}

TEST_CASE("batch: the complete replies in a truncated chunked body count") {
    const std::string body = "[" + ok(1, "1") + "," + ok(2, "2");
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + body),
                cut()}});
    const Outcome outcome = batch(peer, calls(3));
    CHECK(outcome.out.find("\"result\":2}\n{\"i\":2,\"id\":\"c\",\"outcome\":\"unknown\"") !=
          std::string::npos);
    CHECK(outcome.code == 8);
}

TEST_CASE("batch: after a reset the calls are unknown and never sent again, on a kept connection too") {
    Peer peer(
        {{read_request(), reply(ok(1, "1")), read_request(), reset()}, {read_request(), reply(ok(3, "3"))}});
    const Outcome outcome = batch(peer, calls(3), {"--chunk", "1", "--parallel", "1"});
    CHECK(outcome.out.find("{\"i\":1,\"id\":\"b\",\"outcome\":\"unknown\"") != std::string::npos);
    CHECK(outcome.out.find("{\"i\":2,\"id\":\"c\",\"result\":3}") != std::string::npos);
    CHECK(outcome.code == 8);
    CHECK(peer.finish().size() == 3);
}

TEST_CASE("batch: notifications without an answer are a success") {
    Peer peer({{read_request(), send("HTTP/1.1 204 No Content\r\n\r\n")}});
    const Outcome outcome = batch(peer, "{\"method\":\"a\"}{\"method\":\"b\"}");
    CHECK(outcome.out.empty());
    CHECK(outcome.code == 0);
    CHECK(peer.finish().at(0).body == R"([{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}])");
}

TEST_CASE("batch: an error without an id belongs to the notification among the calls") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + error_id_null + "," + ok(2, "2") + "]")}});
    const Outcome outcome = batch(peer, R"({"method":"a","id":1}{"method":"b"}{"method":"c","id":2})");
    CHECK(outcome.out == "{\"i\":0,\"id\":1,\"result\":1}\n{\"i\":2,\"id\":2,\"result\":2}\n");
    CHECK(outcome.err.find("1 error to a notification") != std::string::npos);
    CHECK(outcome.code == 1);
}

TEST_CASE("batch: an id that is used twice is answered twice") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(2, "2") + "]")}});
    CHECK(batch(peer, R"([{"method":"a","id":5},{"method":"b","id":5}])").out ==
          "{\"i\":0,\"id\":5,\"result\":1}\n{\"i\":1,\"id\":5,\"result\":2}\n");
}

TEST_CASE("batch: a server that refuses everything stops the run, and the rest is not sent") {
    Peer peer({{read_request(), send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")}});
    const Outcome outcome = batch(peer, calls(9), {"--chunk", "3", "--parallel", "1"});
    CHECK(outcome.out.find("\"i\":2,\"id\":\"c\",\"outcome\":\"refused\",\"why\":\"HTTP 401") !=
          std::string::npos);
    CHECK(outcome.err.find("stopped after line 3 of the input: HTTP 401") != std::string::npos);
    CHECK(outcome.code == 4);
    CHECK(peer.finish().size() == 1);
}

TEST_CASE("batch: calls to an unreachable server are not sent, exit 7") {
    const Outcome outcome = hail::support::hail({"batch", "127.0.0.1:1"}, calls(1));
    CHECK(outcome.out.starts_with("{\"i\":0,\"id\":\"a\",\"outcome\":\"not-sent\",\"why\":"));
    CHECK(outcome.code == 7);
}

TEST_CASE("batch: an invalid record is not sent, and the others are, exit 65") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(2, "2") + "]")}});
    const Outcome outcome =
        batch(peer, "{\"method\":\"a\",\"id\":1}\n{\"id\":2}\n{\"method\":\"a\",\"id\":3}\n");
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":1,\"result\":1}\n"
          "{\"i\":1,\"outcome\":\"not-sent\",\"why\":\"stdin, line 2, column 1: it has no member "
          "\\\"method\\\"\"}\n"
          "{\"i\":2,\"id\":3,\"result\":2}\n");
    CHECK(outcome.code == 65);
}

TEST_CASE("batch: a fault in the input is named with its line and column") {
    Peer peer({{read_request(), reply(ok(1, "1"))}});
    const Outcome outcome = batch(peer, "{\"method\":\"a\",\"id\":1}\n[1,]\n", {"--chunk", "1"});
    CHECK(outcome.out.starts_with("{\"i\":0,\"id\":1,\"result\":1}\n"));
    CHECK(outcome.err.find("line 2, column 4:") != std::string::npos);
    CHECK(outcome.code == 65);
}

TEST_CASE("batch: a web server in place of the service costs one chunk, with the exit status of rpc") {
    struct Case {
        std::string reply;
        int code;
    };
    const std::string page = "<html>\r\n</html>";
    const std::string length = "Content-Length: " + std::to_string(page.size()) + "\r\n\r\n" + page;
    for (const auto& [text, code] :
         {Case{"HTTP/1.1 200 OK\r\n", 9}, Case{"HTTP/1.1 404 Not Found\r\n", 4},
          Case{"HTTP/1.1 502 Bad Gateway\r\n", 5}, Case{"HTTP/1.1 302 Found\r\n", 3}}) {
        Peer peer({{read_request(), send(text + length)}});
        const Outcome outcome = batch(peer, calls(9), {"--chunk", "3"});
        CHECK(outcome.code == code);
        CHECK(outcome.err.find("stopped after line 3 of the input") != std::string::npos);
        CHECK(peer.finish().size() == 1);
    }
}

TEST_CASE("batch: a server that answers only the first call of a batch costs one chunk") {
    Peer peer({{read_request(), reply(ok(1, "1"))}});
    const Outcome outcome = batch(peer, calls(9), {"--chunk", "3"});
    CHECK(outcome.code == 8);
    CHECK(outcome.err.find("only one of 3 calls got a reply") != std::string::npos);
    CHECK(outcome.err.find("--chunk 1") != std::string::npos);
    CHECK(peer.finish().size() == 1);
}

TEST_CASE("batch: a call that was refused for its rate is sent again, alone") {
    const std::string limited =
        R"({"jsonrpc":"2.0","id":2,"error":{"code":429,"message":"slow down","data":{"backoff_seconds":0}}})";
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + limited + "," + ok(3, "3") + "]"),
                read_request(), reply(ok(4, "2"))}});
    const Outcome outcome = batch(peer, calls(3));
    CHECK(outcome.out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n"
          "{\"i\":2,\"id\":\"c\",\"result\":3}\n");
    CHECK(outcome.code == 0);
    CHECK(peer.finish().at(1).body == R"({"jsonrpc":"2.0","id":4,"method":"m"})");
}

TEST_CASE("batch: an unknown call is sent again if its method may run twice") {
    Peer peer(
        {{read_request(), reset()}, {read_request(), reply("[" + ok(4, "1") + "," + ok(5, "2") + "]")}});
    const Outcome outcome =
        batch(peer, R"({"method":"get_a","id":1}{"method":"get_b","id":2}{"method":"pay","id":3})",
              {"--idempotent-method", "get_*"});
    CHECK(
        outcome.out.starts_with("{\"i\":0,\"id\":1,\"result\":1}\n{\"i\":1,\"id\":2,\"result\":2}\n"
                                "{\"i\":2,\"id\":3,\"outcome\":\"unknown\""));
    CHECK(outcome.code == 8);
}

TEST_CASE("batch: --fail-fast ends the run at the first failure, exit 1") {
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}})";
    Peer peer({{read_request(), reply(error)}});
    const Outcome outcome = batch(peer, calls(9), {"--chunk", "1", "--fail-fast"});
    CHECK(outcome.code == 1);
    CHECK(outcome.err.find("1 of 1 calls failed") != std::string::npos);
    CHECK(peer.finish().size() == 1);
}

TEST_CASE("batch: invalid rates and limits are refused before anything is sent") {
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--rate", "fast"},
                                                    {"--rate", "0/s"},
                                                    {"--rate", "5/d"},
                                                    {"--max-errors", "x"},
                                                    {"--max-errors", "101%"},
                                                    {"--max-errors", "%"}}) {
        Peer peer({});
        CHECK(batch(peer, calls(1), options).code == 64);
        CHECK(peer.connections() == 0);
    }
}

TEST_CASE("batch: params become calls of one method") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(2, "2") + "]")}});
    CHECK(batch(peer, "[1.0]\n{\"x\":2}\n", {"--method", "m"}).out ==
          "{\"i\":0,\"id\":1,\"result\":1}\n{\"i\":1,\"id\":2,\"result\":2}\n");
    CHECK(peer.finish().at(0).body == R"([{"jsonrpc":"2.0","id":1,"method":"m","params":[1.0]},)"
                                      R"({"jsonrpc":"2.0","id":2,"method":"m","params":{"x":2}}])");
}

TEST_CASE("batch: lines of a method and its params become calls, with the types of rpc") {
    Peer peer({{read_request(), reply("[" + ok(1, "1") + "," + ok(2, "2") + "]")}});
    CHECK(batch(peer, "add 1.0 \"a b\" word\n\nset  name=Ada at:=[1, 2]\n").code == 0);
    CHECK(peer.finish().at(0).body ==
          R"([{"jsonrpc":"2.0","id":1,"method":"add","params":[1.0,"a b","word"]},)"
          R"({"jsonrpc":"2.0","id":2,"method":"set","params":{"name":"Ada","at":[1, 2]}}])");
}

TEST_CASE("batch: a malformed line is reported with its number") {
    const Outcome outcome = hail::support::hail({"batch", "127.0.0.1:1", "--from", "lines"}, "add [1\n");
    CHECK(outcome.out ==
          "{\"i\":0,\"outcome\":\"not-sent\",\"why\":\"stdin, line 1, column 1: it ends within a string, an "
          "array or an object\"}\n");
    CHECK(outcome.code == 65);
}

TEST_CASE("batch: a slow writer gets the replies before it writes more") {
    Peer peer({{read_request(), reply(ok(1, "1")), read_request(), reply(ok(2, "2"))}});
    Process process(hail_command({"batch", peer.address()}));
    process.write("{\"method\":\"a\",\"id\":1}\n");
    CHECK(process.read_line() == "{\"i\":0,\"id\":1,\"result\":1}");
    process.write("{\"method\":\"a\",\"id\":2}\n");
    CHECK(process.read_line() == "{\"i\":1,\"id\":2,\"result\":2}");
    CHECK(process.wait().code == 0);
}

TEST_CASE("batch: after a signal, running calls are completed") {
    Peer peer({{read_request(), reply(ok(1, "1"))}});
    Process process(hail_command({"batch", peer.address()}));
    process.write("{\"method\":\"a\",\"id\":1}\n");
    CHECK(process.read_line() == "{\"i\":0,\"id\":1,\"result\":1}");
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.err.find("stopped after line 1 of the input: interrupted") != std::string::npos);
    CHECK(outcome.code == 130);
}

TEST_CASE("batch: after a second signal, running calls are abandoned and unknown") {
    Peer peer({{read_request(), stall()}});
    Process process(hail_command({"batch", peer.address()}));
    process.write("{\"method\":\"a\",\"id\":1}\n");
    peer.wait_for_requests(1);
    process.signal_twice(SIGTERM, SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.out.starts_with("{\"i\":0,\"id\":1,\"outcome\":\"unknown\",\"why\":"));
    CHECK(outcome.code == 143);
}

TEST_CASE("batch: a dry run prints every POST and sends none") {
    const Outcome outcome = hail::support::hail(
        {"batch", "localhost:1/rpc", "--dry-run", "--chunk", "2", "-u", "me:secret"}, calls(3));
    CHECK(outcome.out.starts_with("POST /rpc HTTP/1.1\r\nHost: localhost:1\r\n"));
    CHECK(outcome.out.find("\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"m\"}\n") != std::string::npos);
    CHECK(outcome.out.find("secret") == std::string::npos);
    CHECK(outcome.code == 0);
}

TEST_CASE("batch: a reply above the limit is dropped") {
    Peer peer({{read_request(), reply(ok(1, "\"" + std::string(100'000, 'x') + "\""))}});
    const Outcome outcome = batch(peer, calls(1), {"--max-reply", "10k"});
    CHECK(
        outcome.out ==
        "{\"i\":0,\"id\":\"a\",\"outcome\":\"unknown\",\"why\":\"the reply is larger than --max-reply\"}\n");
    CHECK(outcome.code == 8);
}

TEST_CASE("batch: replies in an event stream are matched") {
    Peer peer({{read_request(), reply("data: " + ok(2, "2") + "\n\ndata: " + ok(1, "1") + "\n\n",
                                      "Content-Type: text/event-stream\r\n")}});
    CHECK(batch(peer, calls(2)).out ==
          "{\"i\":0,\"id\":\"a\",\"result\":1}\n{\"i\":1,\"id\":\"b\",\"result\":2}\n");
}

TEST_CASE("batch: an interrupted run keeps the old output file, and its own output in the part") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("out", "old");
    Peer peer({{read_request(), reply(ok(1, "1"))}});
    Process process(hail_command({"batch", peer.address(), "-o", file, "--unknown", folder.path("unknown")}));
    process.write("{\"method\":\"a\",\"id\":1}\n");
    peer.wait_for_requests(1);
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 130);
    CHECK(outcome.err.find("the output so far was kept in " + file + ".part") != std::string::npos);
    CHECK(read_file(file) == "old");
    CHECK(read_file(file + ".part") == "{\"i\":0,\"id\":1,\"result\":1}\n");
}

TEST_CASE("batch: the lists replace their files at the end only, and may be named as input") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("again", "{\"method\":\"a\",\"id\":1}\n");
    Peer peer({{read_request(), reply("[]")}});
    CHECK(hail::support::hail({"batch", "localhost:1", file, "--errors", folder.path("none/e")}).code == 74);
    CHECK(hail::support::hail({"batch", peer.address(), file, "--unknown", file}).code == 8);
    CHECK(read_file(file) == "{\"method\":\"a\",\"id\":1}\n");
}

TEST_CASE("batch: a person at a terminal sees calls, failures, the rate and the share of the input") {
    const TemporaryDirectory directory;
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}})";
    const Step past_the_quiet_start = [](Connection& connection) {
        connection.pause(hail::base::Milliseconds(600));
    };
    Peer peer({{read_request(), past_the_quiet_start, reply(error), read_request(), reply(ok(2, "2"))}});
    const std::string file = directory.file("calls", calls(2));
    Command command = hail_command(
        {"batch", peer.address(), file, "-o", directory.path("out"), "--chunk", "1", "--parallel", "1"});
    command.terminal = Command::Terminal::all;
    const Outcome outcome = Process(command).wait();
    CHECK(outcome.out.find("\r\x1b[K1 call  1 failed  ") != std::string::npos);
    CHECK(outcome.out.find("/s  100 %") != std::string::npos);
}

TEST_CASE("batch: the progress is drawn again by time while no call ends") {
    const TemporaryDirectory directory;
    Peer peer({{read_request(), stall()}});
    const std::string file = directory.file("calls", calls(1));
    Command command = hail_command({"batch", peer.address(), file, "-o", directory.path("out")});
    command.terminal = Command::Terminal::all;
    Process process(command);
    CHECK(process.read_until("0 calls  0/s").ends_with("0 calls  0/s"));
    CHECK(process.read_until("0 calls  0/s").ends_with("0 calls  0/s"));
    process.signal(SIGKILL);
}

TEST_CASE("batch: a dry run shows the POSTs that a limit of the rate leaves") {
    const Outcome outcome =
        hail::support::hail({"batch", "localhost:1", "--dry-run", "--rate", "2/s"}, calls(3));
    CHECK(outcome.code == 0);
    CHECK(outcome.out.find(
              R"([{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":2,"method":"m"}])") !=
          std::string::npos);
    CHECK(outcome.out.find("\r\n\r\n"
                           R"({"jsonrpc":"2.0","id":3,"method":"m"})") != std::string::npos);
}
