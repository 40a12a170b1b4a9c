#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

Outcome rest(const TemporaryDirectory& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"rest", "--cache"});
    Command command = hail_command(std::move(arguments));
    command.environment.emplace_back("XDG_CACHE_HOME", folder.path());
    return run(command);
}

const std::string unchanged = "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";

}  // namespace

TEST_CASE("cache: after a 304 the stored reply is shown as the original 200") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("body", "ETag: \"1\"\r\nX-A: b\r\n")},
               {read_request(), send(unchanged)},
               {read_request(), reply("new", "ETag: \"2\"\r\n")}});
    CHECK(rest(folder, {peer.address("/x")}).out == "body");
    const Outcome again = rest(folder, {peer.address("/x"), "--print", "hb"});
    CHECK(again.code == 0);
    CHECK(again.out.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(again.out.ends_with("body"));
    CHECK(rest(folder, {peer.address("/x")}).out == "new");
    const auto received = peer.finish();
    CHECK(received.at(0).header("If-None-Match").empty());
    CHECK(received.at(1).header("If-None-Match") == "\"1\"");
    CHECK(received.at(2).header("If-None-Match") == "\"1\"");
}

TEST_CASE("cache: the reply of another user is never revalidated") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("ann's", "ETag: \"1\"\r\n")},
               {read_request(), reply("bob's", "ETag: \"1\"\r\n")}});
    CHECK(rest(folder, {peer.address("/"), "-u", "ann:one"}).out == "ann's");
    CHECK(rest(folder, {peer.address("/"), "-u", "bob:two"}).out == "bob's");
    CHECK(peer.finish().at(1).header("If-None-Match").empty());
}

TEST_CASE("cache: a truncated reply is not stored") {
    const TemporaryDirectory folder;
    Peer peer(
        {{read_request(), send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 9\r\n\r\ncut"), cut()},
         {read_request(), reply("whole")}});
    CHECK(rest(folder, {peer.address("/")}).code == 8);
    CHECK(rest(folder, {peer.address("/")}).out == "whole");
    CHECK(peer.finish().at(1).header("If-None-Match").empty());
}

TEST_CASE("cache: a typed If-None-Match gets its own 304") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("body", "ETag: \"1\"\r\n")}, {read_request(), send(unchanged)}});
    CHECK(rest(folder, {peer.address("/")}).code == 0);
    const Outcome outcome = rest(folder, {peer.address("/"), "If-None-Match:\"1\""});
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
}

TEST_CASE("cache: after a 304 with another ETag the whole reply is requested") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("old", "ETag: \"1\"\r\n")},
               {read_request(), send("HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n"), read_request(),
                reply("new", "ETag: \"2\"\r\n")}});
    CHECK(rest(folder, {peer.address("/x")}).out == "old");
    const Outcome again = rest(folder, {peer.address("/x")});
    CHECK(again.code == 0);
    CHECK(again.out == "new");
    const auto received = peer.finish();
    CHECK(received.at(1).header("If-None-Match") == "\"1\"");
    CHECK(received.at(2).header("If-None-Match").empty());
}

TEST_CASE("cache: a dry run shows the conditional request") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply("body", "ETag: \"1\"\r\n")}});
    CHECK(rest(folder, {peer.address("/x"), "--dry-run"}).out.find("If-None-Match") == std::string::npos);
    CHECK(rest(folder, {peer.address("/x")}).code == 0);
    CHECK(rest(folder, {peer.address("/x"), "--dry-run"}).out.find("If-None-Match: \"1\"\r\n") !=
          std::string::npos);
}
