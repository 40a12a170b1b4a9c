#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/aria2.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/service.h"

using namespace hail::support;

namespace {

// Not every release of Debian and Ubuntu has every service.
bool is_missing(const std::string& program) {
    const bool missing = !is_installed(program);
    if (missing) {
        MESSAGE(program << " is not installed: its test is left out");
    }
    return missing;
}

Outcome rpc(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rpc");
    return hail::support::hail(arguments);
}

// A file of calls.
std::string five_thousand(const TemporaryDirectory& folder, const std::string& method,
                          const std::string& params) {
    std::string calls;
    for (int i = 0; i < 5'000; ++i) {
        calls +=
            R"({"method":")" + method + R"(","params":)" + params + R"(,"id":)" + std::to_string(i) + "}\n";
    }
    return folder.file("calls.ndjson", calls);
}

}  // namespace

TEST_CASE("services: litecoind, with a cookie file and replies of 1.0") {
    if (is_missing("litecoind")) {
        return;
    }
    const TemporaryDirectory folder;
    const auto node = start_litecoind();
    const std::vector<std::string> login{"--cookie-file", node->file("regtest/.cookie")};
    const auto call = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {node->address("/"), "--wait-server", "30s"});
        words.insert(words.end(), login.begin(), login.end());
        return rpc(words);
    };
    CHECK(call({"getblockcount"}).out == "0\n");
    CHECK(call({"getblockhash", "0", "-r"}).out.size() == 65);
    CHECK(call({"getblockhash", "height:=0"}).code == 0);
    const Outcome error = call({"getblockhash", "7"});
    CHECK(mentions(error.err, "error -8: Block height out of range"));
    CHECK(error.code == 1);
    CHECK(call({"no.such.method"}).code == 1);  // HTTP 404
    CHECK(mentions(call({"getblockcount", "--notify"}).err, "the notification was answered with a result"));
    CHECK(mentions(call({"--list"}).out, "\ngetblockhash\n"));
    CHECK(call({"--describe", "getblockcount"}).out.starts_with("getblockcount\n"));
    CHECK(mentions(rpc({node->address("/"), "getblockcount"}).err, "--cookie-file"));

    const Outcome batch =
        hail::support::hail({"batch", node->address("/"), five_thousand(folder, "getblockhash", "[0]"),
                             "--chunk", "1000", login[0], login[1], "-o", folder.path("out")});
    CHECK(mentions(batch.err, "5000 ok"));
    CHECK(batch.code == 0);
}

TEST_CASE("services: monerod, with Digest on the connection that gave the challenge") {
    if (is_missing("monerod")) {
        return;
    }
    const auto node = start_monerod();
    const std::string address = node->address("/json_rpc");
    const Outcome count =
        rpc({address, "get_block_count", "--wait-server", "30s", "--auth", "digest", "-u", "foo:bar"});
    CHECK(mentions(count.out, "\"status\": \"OK\""));
    CHECK(count.code == 0);
    const Outcome error = rpc({address, "no.such.method", "--auth", "digest", "-u", "foo:bar"});
    CHECK(mentions(error.err, "error -32601"));
    CHECK(error.code == 1);
    CHECK(mentions(rpc({address, "get_block_count", "-u", "foo:bar"}).err, "add --auth digest"));
    CHECK(mentions(rpc({address, "get_block_count", "--auth", "digest", "-u", "foo:no"}).err,
                   "does not accept this user and password"));
    const Outcome list = rpc({address, "--list", "--auth", "digest", "-u", "foo:bar"});
    CHECK(mentions(list.err, "the service has none of rpc.discover"));
    CHECK(list.code == 1);
    const TemporaryDirectory folder;
    const Outcome batch =
        hail::support::hail({"batch", address, five_thousand(folder, "get_block_count", "{}"), "--chunk", "1",
                             "--auth", "digest", "-u", "foo:bar", "-o", folder.path("out")});
    CHECK(mentions(batch.err, "5000 ok"));
    CHECK(batch.code == 0);
}

TEST_CASE("services: transmission, with a session id after a 409") {
    if (is_missing("transmission-daemon")) {
        return;
    }
    const auto service = start_transmission();
    const std::string address = service->address("/transmission/rpc");
    const Outcome version = rpc({address, "session-get", "--json", "--pick", "arguments[rpc-version]"});
    CHECK(version.out.size() >= 2);
    CHECK(version.code == 0);
    const Outcome fields = rpc({address, "torrent-get", "--member", "arguments[fields][]=id", "--json",
                                "--pick", "arguments[torrents]", "--session", service->file("s")});
    CHECK(fields.out == "[]\n");
    CHECK(mentions(read_file(service->file("s")), "X-Transmission-Session-Id: "));
    CHECK(rpc({address, "no-such", "--expect", "body:==\"success\""}).code == 10);
}

TEST_CASE("services: deluge-web, with a session cookie and without batches") {
    if (is_missing("deluge-web")) {
        return;
    }
    const auto service = start_deluge_web();
    const std::string address = service->address("/json");
    const std::string session = service->file("session");
    CHECK(rpc({address, "auth.login", "deluge", "--session", session}).out == "true\n");
    CHECK(rpc({address, "web.connected", "--params", "[]", "--session", session}).out == "false\n");
    CHECK(rpc({address, "web.connected", "--params", "[]"}).code == 1);
    CHECK(mentions(rpc({address, "web.connected", "--session", session}).err, "add --params '[]'"));
    CHECK(mentions(rpc({address, "--list", "--session", session}).out, "web.connected\n"));
    const Outcome batch = hail::support::hail({"batch", address, "--chunk", "1", "--session", session},
                                              R"({"method":"web.connected","params":[],"id":"a"})"
                                              "\n"
                                              R"({"method":"auth.check_session","params":[],"id":"b"})");
    CHECK(batch.out == "{\"i\":0,\"id\":\"a\",\"result\":false}\n{\"i\":1,\"id\":\"b\",\"result\":true}\n");
}

TEST_CASE("services: jayson, with batches that are split until it takes them") {
    const std::string package = node_package("jayson");
    if (package.empty()) {
        MESSAGE("jayson is not installed: its test is left out");
        return;
    }
    const auto service = start_jayson(package);
    const std::string address = service->address("/");
    CHECK(rpc({address, "add", "1", "2"}).out == "3\n");
    CHECK(mentions(rpc({address, "fail", "1"}).err, "error 7: it fails"));
    const Outcome notified = rpc({address, "add", "1", "2", "--notify"});
    CHECK(notified.code == 0);
    CHECK(notified.err.empty());
    const TemporaryDirectory folder;
    const Outcome batch = hail::support::hail({"batch", address, five_thousand(folder, "add", "[1,2]"),
                                               "--chunk", "1000", "-o", folder.path("out")});
    CHECK(mentions(batch.err, "5000 ok"));
    CHECK(batch.code == 0);
}

TEST_CASE("services: ganache, which calls an unknown method a parse error, and answers notifications") {
    const std::string package = node_package("ganache");
    if (package.empty()) {
        MESSAGE("ganache is not installed: its test is left out");
        return;
    }
    const auto service = start_ganache(package);
    const std::string address = service->address("/");
    CHECK(rpc({address, "eth_chainId"}).out == "\"0x539\"\n");
    CHECK(mentions(rpc({address, "eth_nothing"}).err, "error -32700: The method eth_nothing does not exist"));
    const Outcome notified = rpc({address, "eth_chainId", "--notify"});
    CHECK(notified.code == 0);
    CHECK(mentions(notified.err, "warning: the notification was answered with a result"));
    const TemporaryDirectory folder;
    const std::string params = R"(["0x52908400098527886e0f7030069857d2e4169ee7","latest"])";
    const Outcome batch =
        hail::support::hail({"batch", address, five_thousand(folder, "eth_getBalance", params), "--chunk",
                             "1000", "-o", folder.path("out")});
    CHECK(mentions(batch.err, "5000 ok"));
    CHECK(batch.code == 0);
}

TEST_CASE("services: aria2 lists its methods, and takes 5000 calls") {
    const Aria2 aria2;
    CHECK(mentions(rpc({aria2.address(), "--list"}).out, "\naria2.getVersion\n"));
    const TemporaryDirectory folder;
    const Outcome batch =
        hail::support::hail({"batch", aria2.address(), five_thousand(folder, "aria2.tellActive", "[]"),
                             "--chunk", "1000", "-o", folder.path("out")});
    CHECK(mentions(batch.err, "5000 ok"));
    CHECK(batch.code == 0);
}
