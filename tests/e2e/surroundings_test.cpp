// The surroundings of a call: addresses as people paste them, the environment, files, sockets and memory.

#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

Outcome with(Environment environment, std::vector<std::string> arguments) {
    Command command = hail_command(std::move(arguments));
    command.environment = std::move(environment);
    return run(command);
}

const std::string event_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

}  // namespace

TEST_CASE("address: spaces and non-ASCII letters are encoded, and encoded text stays") {
    Peer peer({{read_request(), reply("")}});
    CHECK(hail::support::hail({"rest", peer.address("/a b/\xc3\xa9%2F%zz?q=x y&\xc3\xbc"), "z==1 2"}).code ==
          0);
    CHECK(peer.finish().at(0).line() == "GET /a%20b/%C3%A9%2F%25zz?q=x%20y&%C3%BC&z=1+2 HTTP/1.1");
}

TEST_CASE("address: a non-ASCII name works without a locale") {
    Peer peer({{read_request(), reply("")}});
    const std::string port = std::to_string(peer.port());
    const std::string address =
        "http://b\xc3\xbc"
        "cher.example:" +
        port + "/";
    CHECK(with({{"LC_ALL", "C"}},
               {"rest", address, "--resolve", "xn--bcher-kva.example:" + port + ":127.0.0.1"})
              .code == 0);
    CHECK(peer.finish().at(0).header("Host") == "xn--bcher-kva.example:" + port);
    Peer broker({{read_until("\r\nm\r\n"), send(":1\r\n")}});
    const std::string broker_port = std::to_string(broker.port());
    CHECK(with({{"LC_ALL", "C"}},
               {"publish",
                "redis://b\xc3\xbc"
                "cher.example:" +
                    broker_port,
                "c", "m", "--resolve", "xn--bcher-kva.example:" + broker_port + ":127.0.0.1"})
              .code == 0);
}

TEST_CASE("address: a very long address is shortened in an error") {
    const std::string address = "localhost:" + std::to_string(free_port()) + "/" + std::string(5000, 'a');
    const Outcome outcome = hail::support::hail({"rest", address});
    CHECK(outcome.code == 7);
    CHECK(outcome.err.size() < 500);
}

TEST_CASE("environment: HTTP_PROXY is used for http, but not in a CGI program") {
    Peer proxy({{read_request(), reply("by proxy")}}, Peer::Others::repeat);
    const std::string url = "http://" + proxy.address("");
    const Outcome outcome = with({{"HTTP_PROXY", url}}, {"rest", "http://far.test/x", "-v"});
    CHECK(outcome.out == "by proxy");
    CHECK(mentions(outcome.err, "HTTP_PROXY names the proxy"));
    CHECK(proxy.received().at(0).line() == "GET http://far.test/x HTTP/1.1");
    const Environment cgi{{"HTTP_PROXY", url}, {"REQUEST_METHOD", "GET"}};
    CHECK(with(cgi, {"rest", "http://far.test/x", "--resolve", "far.test:80:127.0.0.1"}).out != "by proxy");
    const Environment excepted{{"HTTP_PROXY", url}, {"no_proxy", "127.0.0.1"}};
    CHECK(with(excepted, {"rest", proxy.address("/y")}).out == "by proxy");
    CHECK(proxy.received().back().line() == "GET /y HTTP/1.1");
}

TEST_CASE("proxy: --no-proxy names the hosts that are reached without one, in every command") {
    Peer service({{read_request(), reply(R"({"jsonrpc":"2.0","id":1,"result":7})")}}, Peer::Others::repeat);
    Peer proxy({{read_request(), reply(R"({"jsonrpc":"2.0","id":1,"result":8})")}}, Peer::Others::repeat);
    const std::string url = "http://" + proxy.address("");
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"rest", service.address("/")}, {"rpc", service.address(""), "m"}}) {
        for (const auto& [hosts, result] :
             {std::pair("other.test", "8"), std::pair("127.0.0.1", "7"),
              std::pair("other.test,127.0.0.1", "7"), std::pair("*", "7"), std::pair("", "8")}) {
            std::vector<std::string> all = words;
            all.insert(all.end(), {"--proxy", url, "--no-proxy", hosts});
            const Outcome outcome = hail::support::hail(all);
            CHECK_MESSAGE(mentions(outcome.out, result), outcome.err);
        }
    }
}

TEST_CASE("time limits: --timeout does not end an event stream that has begun") {
    Peer peer({{read_request(), send(event_head), drip("data: 1\n\n", hail::base::Milliseconds(30))}});
    const Outcome outcome = hail::support::hail({"rest", peer.address("/"), "--timeout", "100ms"});
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.out, "data: 1"));
    Peer silent({{read_request(), stall()}});
    CHECK(hail::support::hail({"rest", silent.address("/"), "--timeout", "50ms"}).code == 2);
}

TEST_CASE("files: certificates and keys that cannot be read are errors before anything is sent") {
    const TemporaryDirectory directory;
    const Peer peer({});
    const std::string none = directory.path() + "/none";
    for (const char* option : {"--cacert", "--cert"}) {
        const Outcome outcome = hail::support::hail({"rest", "https://" + peer.address("/"), option, none});
        CHECK(outcome.code == 66);
        CHECK(outcome.err ==
              "hail: option " + std::string(option) + ": " + none + ": No such file or directory\n");
    }
    const Outcome folder = hail::support::hail(
        {"publish", "rediss://" + peer.address(""), "c", "m", "--cacert", directory.path()});
    CHECK(folder.code == 66);
    CHECK(mentions(folder.err, "it is a directory\n      --capath takes a directory"));
    const Outcome alone = hail::support::hail({"rpc", "https://" + peer.address("/"), "m", "--key", none});
    CHECK(alone.code == 64);
    CHECK(mentions(alone.err, "name the certificate with --cert FILE"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("connecting: an error names the address and suggests a cause") {
    const TemporaryDirectory directory;
    const std::string port = std::to_string(free_port());
    for (const auto& words : {std::vector<std::string>{"rest", "http://127.0.0.1:" + port},
                              std::vector<std::string>{"publish", "127.0.0.1:" + port, "c", "m"}}) {
        const Outcome outcome = hail::support::hail(words);
        CHECK(outcome.code == 7);
        CHECK(mentions(outcome.err, "cannot connect: Connection refused\n"));
        CHECK(mentions(outcome.err, "is something listening at 127.0.0.1:" + port + "?"));
    }
    const std::string socket = directory.path() + "/none";
    for (const auto& words : {std::vector<std::string>{"rest", "localhost", "--unix-socket", socket},
                              std::vector<std::string>{"publish", "unix://" + socket, "c", "m"}}) {
        const Outcome outcome = hail::support::hail(words);
        CHECK(outcome.code == 7);
        CHECK(mentions(outcome.err,
                       "cannot connect to the socket " + socket + ": No such file or directory\n"));
    }
}

TEST_CASE("memory: running out of memory is one line of error and exit 71") {
    const std::string limited = "ulimit -v 150000 && exec \"$@\"";
    const auto under_limit = [&](std::vector<std::string> words) {
        Command command = hail_command(std::move(words));
        command.argv.insert(command.argv.begin(), {"/bin/sh", "-c", limited, "sh"});
        return run(command);
    };
    if (under_limit({"--version"}).code != 0) {
        return;  // built with a sanitizer, which needs more memory
    }
    Peer peer({{read_request(), reply(std::string(90'000'000, ' '))}});
    const Outcome outcome = under_limit({"rest", peer.address("/"), "--sorted", "--max-reply", "1G"});
    CHECK(outcome.code == 71);
    CHECK(outcome.err == "hail: out of memory; the state of the current request is unknown\n");
}

namespace {

// hail with these arguments, after a limit set by ulimit.
Command limited(const std::string& limit, std::vector<std::string> arguments) {
    Command command = hail_command(std::move(arguments));
    command.argv.insert(command.argv.begin(), {"/bin/sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh"});
    return command;
}

}  // namespace

TEST_CASE("descriptors: a low limit lowers --parallel with a warning and costs no call") {
    const auto answer = [](const Received& request) {
        const std::size_t id = request.body.find("\"id\":") + 5;
        const std::string body = R"({"jsonrpc":"2.0","id":)" +
                                 request.body.substr(id, request.body.find_first_of(",}", id) - id) +
                                 R"(,"result":1})";
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    Peer peer({{serve(answer)}, {serve(answer)}, {serve(answer)}});
    Command command = limited("-n 14", {"batch", peer.address(), "--chunk", "1", "--parallel", "64"});
    for (int i = 0; i < 40; ++i) {
        command.input += "{\"method\":\"m\",\"id\":" + std::to_string(i) + "}\n";
    }
    const Outcome outcome = run(command);
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.err, "--parallel is lowered to "));
    CHECK(mentions(outcome.err, "40 ok"));
}

TEST_CASE("file size: a limit is exit 74 with its reason, and the part is kept") {
    const TemporaryDirectory folder;
    Peer peer({{read_request(), reply(std::string(100'000, 'x'))}});
    const Outcome outcome = run(limited("-f 1", {"rest", peer.address(), "-o", folder.path("f")}));
    CHECK(outcome.code == 74);
    CHECK(mentions(outcome.err, "f.part: File too large"));
    CHECK(folder.has("f.part"));
    CHECK_FALSE(folder.has("f"));
}

TEST_CASE("hangup: SIGHUP ends a command as SIGTERM does") {
    Peer peer({{read_request(), stall()}});
    Process process(hail_command({"rest", peer.address(), "-v"}));
    std::optional<std::string> line;
    do {
        line = process.read_error_line();
    } while (line && !line->starts_with("> GET"));
    REQUIRE(line.has_value());
    process.signal(SIGHUP);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 143);
    CHECK(mentions(outcome.err, "stopped by a signal"));
}
