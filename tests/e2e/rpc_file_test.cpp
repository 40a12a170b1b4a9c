#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail::support;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

const std::string big = "[\"" + std::string(3 * mebibyte, 'x') + "\", 1.50]";

// A reply whose result has this many MiB, without holding it.
Step send_result(std::size_t mebibytes, const std::string& end) {
    return [=](Connection& connection) {
        const std::string begin = R"({"jsonrpc":"2.0","id":1,"result":[0)";
        const std::string piece = "," + std::string(mebibyte - 1, '1');
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " +
                        std::to_string(begin.size() + mebibytes * mebibyte + end.size()) + "\r\n\r\n" +
                        begin);
        for (std::size_t i = 0; i < mebibytes; ++i) {
            connection.send(piece);
        }
        connection.send(end);
    };
}

}  // namespace

TEST_CASE("rpc file: a result of any size is streamed to a file") {
    const TemporaryDirectory folder;
    constexpr std::size_t size = 24;
    Peer peer({{read_request(), send_result(size, "]}")}});
    const Outcome outcome = call(peer, {"-o", folder.path("r"), "--max-reply", "1M"});
    CHECK(outcome.err.empty());
    CHECK(outcome.code == 0);
    CHECK(std::filesystem::file_size(folder.path("r")) == size * mebibyte + 4);
}

TEST_CASE("rpc file: the bytes of the result and a newline are written, whatever its size") {
    const TemporaryDirectory folder;
    Peer peer({answer(result_reply(big)), answer(result_reply("{ \"a\": 1 }")), answer(result_reply(big))});
    CHECK(call(peer, {"-o", folder.path("r")}).code == 0);
    CHECK(read_file(folder.path("r")) == big + "\n");
    CHECK(call(peer, {"-o", folder.path("r")}).code == 0);
    CHECK(read_file(folder.path("r")) == "{ \"a\": 1 }\n");
    CHECK(call(peer, {"-o", folder.path("r"), "--pretty", "format"}).code == 0);
    CHECK(read_file(folder.path("r")).ends_with("\",\n    1.50\n]\n"));
}

TEST_CASE("rpc file: an error, another id or a cut after a large result leaves the finished file alone") {
    struct Case {
        std::string reply;
        int code;
    };
    const std::vector<Case> cases{
        {R"({"jsonrpc":"2.0","id":1,"result":)" + big + R"(,"error":{"code":1,"message":"failed midway"}})",
         1},
        {R"({"jsonrpc":"2.0","result":)" + big + R"(,"id":2})", 9},
        {R"({"jsonrpc":"2.0","id":1,"result":)" + big + "} rubbish", 9},
        {R"({"jsonrpc":"2.0","id":1,"result":[)" + big + "}}", 9},
        {R"({"jsonrpc":"2.0","id":1,"result":)" + big, 9},
    };
    for (const Case& one : cases) {
        CAPTURE(one.reply.substr(one.reply.size() - 40));
        const TemporaryDirectory folder;
        const std::string file = folder.file("r", "finished");
        Peer peer({answer(one.reply)});
        CHECK(call(peer, {"-o", file}).code == one.code);
        CHECK(read_file(file) == "finished");
    }
    const TemporaryDirectory folder;
    const std::string file = folder.file("r", "finished");
    Peer peer({{read_request(),
                send("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + result_reply(big)), cut()}});
    CHECK(call(peer, {"-o", file}).code == 8);
    CHECK(read_file(file) == "finished");
}

TEST_CASE("rpc file: a signal leaves the finished file alone") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("r", "finished");
    Peer peer(
        {{read_request(),
          send("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{\"id\":1,\"result\":" + big), stall()}});
    Process process(hail_command({"rpc", peer.address(), "m", "-o", file}));
    peer.wait_for_requests(1);
    process.signal(2);
    process.signal(2);
    CHECK(process.wait().code == 130);
    CHECK(read_file(file) == "finished");
}

TEST_CASE("rpc file: views that need the whole result keep the limit") {
    const TemporaryDirectory folder;
    Peer peer({answer(result_reply(big)), answer(result_reply(big))});
    CHECK(call(peer, {"-o", folder.path("r"), "--max-reply", "1M", "--json"}).code == 9);
    CHECK(call(peer, {"-o", folder.path("r"), "--max-reply", "1M", "--pick", "[0]"}).code == 9);
}
