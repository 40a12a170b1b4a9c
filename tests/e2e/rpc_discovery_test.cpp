#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail::support;

namespace {

// A service that knows one method, and has no other.
Peer service(const std::string& method, const std::string& result) {
    return Peer(always([=](const Received& received) {
                    const bool known = mentions(received.body, "\"method\":\"" + method + "\"");
                    return http_answer(known ? result_reply(result) : error_reply(-32601, "no such method"));
                }),
                Peer::Others::repeat);
}

}  // namespace

TEST_CASE("rpc list: the names come from the way that the service knows, one per line") {
    struct Case {
        std::string method;
        std::string result;
        std::string out;
    };
    const std::vector<Case> cases{
        {"rpc.discover", R"({"methods":[{"name":"a"},{"name":"b"}]})", "a\nb\n"},
        {"system.listMethods", R"(["a","b"])", "a\nb\n"},
        {"core.describe", R"({"a":{},"b":{}})", "a\nb\n"},
        {"system.describe", R"({"procs":[{"name":"a"}]})", "a\n"},
        {"rpc_methods", R"({"methods":["a"]})", "a\n"},
        {"help", R"("== Control ==\nhelp ( \"command\" )\nstop\n")", "help\nstop\n"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.method);
        Peer peer = service(one.method, one.result);
        const Outcome outcome = hail::support::hail({"rpc", peer.address(), "--list"});
        CHECK(outcome.out == one.out);
        CHECK(outcome.err.empty());
        CHECK(outcome.code == 0);
    }
}

TEST_CASE("rpc list: a service that names only its modules says so") {
    Peer peer = service("rpc_modules", R"({"eth":"1.0"})");
    const Outcome outcome = hail::support::hail({"rpc", peer.address(), "--list"});
    CHECK(outcome.out == "eth_*\n");
    CHECK(mentions(outcome.err, "names its modules, but not the methods"));
}

TEST_CASE("rpc list: with --json the answer is printed as it came") {
    Peer peer = service("system.listMethods", R"([ "a" ])");
    CHECK(hail::support::hail({"rpc", peer.address(), "--list", "--json"}).out == "[ \"a\" ]\n");
}

TEST_CASE("rpc list: a long answer goes to a file as its names") {
    const TemporaryDirectory folder;
    Peer peer = service("system.listMethods", R"([")" + std::string(300'000, 'a') + R"("])");
    CHECK(hail::support::hail({"rpc", peer.address(), "--list", "-o", folder.path("names")}).code == 0);
    CHECK(read_file(folder.path("names")) == std::string(300'000, 'a') + "\n");
}

TEST_CASE("rpc list: a service that has no way to tell is exit 1, and an address without JSON-RPC is not") {
    Peer none = service("nothing", "1");
    const Outcome outcome = hail::support::hail({"rpc", none.address(), "--list"});
    CHECK(mentions(outcome.err, "hail: listing the methods: the service has none of rpc.discover, system."));
    CHECK(outcome.code == 1);
    Peer page(always([](const Received&) { return http_answer("<html>no", "", "404 Not Found"); }),
              Peer::Others::repeat);
    const Outcome wrong = hail::support::hail({"rpc", page.address(), "--list"});
    CHECK(mentions(wrong.err, "calling rpc.discover: HTTP 404 Not Found: 'no'"));
    CHECK(wrong.code == 4);
    Peer locked({answer("", "401 Unauthorized", "WWW-Authenticate: Basic\r\n")});
    CHECK(mentions(hail::support::hail({"rpc", locked.address(), "--list"}).err, "--cookie-file"));
}

TEST_CASE("rpc describe: the description is readable, or the object itself with --json") {
    const std::string add =
        R"({"name":"add","params":[{"name":"a","required":true,"schema":{"type":"number"}}]})";
    Peer peer = service("rpc.discover", R"({"methods":[)" + add + "]}");
    CHECK(hail::support::hail({"rpc", peer.address(), "--describe", "add"}).out == "add(a: number)\n");
    CHECK(hail::support::hail({"rpc", peer.address(), "--describe", "add", "--json"}).out == add + "\n");
    const Outcome none = hail::support::hail({"rpc", peer.address(), "--describe", "sub"});
    CHECK(mentions(none.err, "describing sub: the service has none of"));
    CHECK(none.code == 1);
    Peer help = service("help", R"("getblock \"hash\"\n\nReturns a block.\n")");
    CHECK(hail::support::hail({"rpc", help.address(), "--describe", "getblock"}).out ==
          "getblock \"hash\"\n\nReturns a block.\n");
}

TEST_CASE("rpc list: the names are kept for --cached, which asks nobody") {
    const TemporaryDirectory folder;
    Peer peer = service("system.listMethods", R"(["a.b","c\u001b[2J"])");
    const auto list = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"rpc", peer.address(), "--list"});
        Command command = hail_command(more);
        command.environment.emplace_back("XDG_CACHE_HOME", folder.path());
        return run(command);
    };
    CHECK(list({"--cached"}).code == 66);
    CHECK(peer.received().empty());
    CHECK(list({}).code == 0);
    const std::size_t asked = peer.received().size();
    CHECK(list({"--cached"}).out == "a.b\nc\\x1b[2J\n");
    CHECK(peer.received().size() == asked);
    struct stat facts {};
    REQUIRE(::stat(folder.path("hail/methods").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0700);
}

TEST_CASE("rpc list: it takes no method, and without it a method is needed") {
    CHECK(hail::support::hail({"rpc", "localhost:1", "--list", "m"}).code == 64);
    CHECK(hail::support::hail({"rpc", "localhost:1", "--list", "--describe", "m"}).code == 64);
    CHECK(hail::support::hail({"rpc", "localhost:1", "--cached"}).code == 64);
    const Outcome missing = hail::support::hail({"rpc", "localhost:1"});
    CHECK(mentions(missing.err, "missing METHOD"));
    CHECK(missing.code == 64);
}
