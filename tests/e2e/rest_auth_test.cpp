#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

// "Basic " and a name with a password.
const std::string ann = "Basic YW5uOm9uZQ==";  // ann:one
const std::string bob = "Basic Ym9iOnR3bw==";  // bob:two

// The Authorization that the server receives for these arguments. The first one is the text between "http://"
// and the address, which is added.
std::string authorization(const std::string& user_info, std::vector<std::string> arguments) {
    Peer peer({{read_request(), reply("")}});
    arguments.insert(arguments.begin(), "http://" + user_info + peer.address("/"));
    const Outcome outcome = rest(arguments);
    if (outcome.code != 0) {
        return outcome.err;
    }
    return peer.finish().at(0).header("Authorization");
}

const std::string challenge =
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\nContent-Length: "
    "2\r\n\r\nno";

}  // namespace

TEST_CASE("rest: netrc gives a login if neither options nor address do") {
    const TemporaryDirectory folder;
    const std::string file = folder.file(
        "netrc", "machine 127.0.0.1 login ann password one\nmachine 127.0.0.1 login bob password two\n");
    ::chmod(file.c_str(), 0600);
    CHECK(authorization("", {"--netrc-file", file}) == ann);
    CHECK(authorization("bob@", {"--netrc-file", file}) == bob);
    CHECK(authorization("", {"--netrc-file", file, "-u", "bob"}) == bob);
    CHECK(authorization("x:y@", {"--netrc-file", file}) == "Basic eDp5");
    CHECK(authorization("x:y@", {"--netrc-file", file, "-u", "bob:two"}) == bob);
    CHECK(authorization("", {"--netrc-file", file, "Authorization:mine"}) == "mine");
    CHECK(authorization("", {"--netrc-file", file, "--bearer", "t"}) == "Bearer t");
}

TEST_CASE("rest: netrc never gives one login's password to another") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("netrc", "machine 127.0.0.1 login ann password one\n");
    CHECK(mentions(authorization("", {"--netrc-file", file, "-u", "eve"}), "no password for eve"));
    CHECK(authorization("eve@", {"--netrc-file", file}) == "Basic ZXZlOg==");
}

TEST_CASE("rest: a netrc entry without a login is a token, and hail warns if others can read the file") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("netrc", "default password tok\n");
    Peer peer({{read_request(), reply("")}});
    const Outcome outcome = rest({peer.address("/"), "--netrc-file", file});
    CHECK(peer.finish().at(0).header("Authorization") == "Bearer tok");
    CHECK(mentions(outcome.err, "is readable by others; run chmod 600"));
}

TEST_CASE("rest: netrc is read only with --netrc") {
    CHECK(authorization("", {}).empty());
    CHECK(mentions(authorization("", {"--netrc-file", "/nonexistent/netrc"}), "there is no such file"));
    CHECK(authorization("", {"--netrc"}).empty());
}

TEST_CASE("rest: a long token in a file is sent whole") {
    const TemporaryDirectory folder;
    const std::string token(5'000, 't');
    const std::string file = folder.file("token", token + "\nnot the token\n");
    CHECK(authorization("", {"--bearer", "@" + file}) == "Bearer " + token);
}

TEST_CASE("rest: digest makes one request if the server does not ask for credentials") {
    Peer peer({{read_request(), reply("open")}});
    CHECK(rest({peer.address("/"), "-u", "ann:one", "--auth", "digest", "x=1"}).out == "open");
    CHECK(peer.finish().size() == 1);
}

TEST_CASE("rest: a wrong digest password is tried only once") {
    Peer peer({{read_request(), send(challenge), read_request(), send(challenge)}});
    const Outcome outcome = rest({peer.address("/"), "-u", "ann:bad", "--auth", "digest"});
    CHECK(outcome.code == 4);
    CHECK(outcome.out == "no");
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("rest: digest answers another realm after a redirect to the same origin") {
    std::string second = challenge;
    second.replace(second.find("realm=\"r\", nonce"), 9, "realm=\"s\"");
    Peer peer({{read_request(), send(challenge), read_request(),
                send("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"), read_request(),
                send(second), read_request(), reply("in")}});
    const Outcome outcome = rest({"-L", peer.address("/"), "-u", "ann:one", "--auth", "digest"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "in");
    CHECK(mentions(peer.finish().at(3).header("Authorization"), "realm=\"s\""));
}

TEST_CASE("rest: digest credentials stay with their origin") {
    Peer other({{read_request(), send(challenge)}});
    Peer peer({{read_request(), send(challenge), read_request(),
                send("HTTP/1.1 302 Found\r\nLocation: http://" + other.address("/x") +
                     "\r\nContent-Length: 0\r\n\r\n")}});
    const Outcome outcome = rest({"-L", peer.address("/"), "-u", "ann:one", "--auth", "digest"});
    CHECK(outcome.code == 4);
    CHECK(other.finish().at(0).header("Authorization").empty());
}

TEST_CASE("rest: --auth bearer sends the password as a token") {
    CHECK(authorization("", {"-u", "any:tok", "--auth", "bearer"}) == "Bearer tok");
}

namespace {

struct Precedence {
    std::vector<std::pair<std::string, std::string>> environment;
    std::string user_info;
    std::vector<std::string> arguments;
    std::string sent;
};

}  // namespace

TEST_CASE("rest: a login on the command line takes precedence over the environment") {
    const std::pair<std::string, std::string> bearer{"HAIL_BEARER", "env"};
    const std::pair<std::string, std::string> user{"HAIL_USER", "ann:one"};
    const std::vector<Precedence> all{
        {{bearer}, "", {}, "Bearer env"},
        {{bearer, user}, "", {}, "Bearer env"},
        {{user}, "", {}, ann},
        {{bearer}, "", {"-u", "bob:two"}, bob},
        {{bearer}, "bob:two@", {}, bob},
        {{user}, "bob:two@", {}, bob},
        {{user, {"HAIL_PASSWORD", "two"}}, "bob@", {}, bob},
        {{user}, "", {"--bearer", "typed"}, "Bearer typed"},
        {{bearer, user}, "", {"--auth", "basic"}, ann},
        {{{"HAIL_AUTH", "digest"}}, "", {"--bearer", "typed"}, "Bearer typed"},
        {{{"HAIL_AUTH", "digest"}}, "", {}, ""},
    };
    for (const Precedence& one : all) {
        CAPTURE(one.sent);
        CAPTURE(one.user_info);
        Peer peer({{read_request(), reply("")}});
        std::vector<std::string> words{"rest", "http://" + one.user_info + peer.address("/")};
        words.insert(words.end(), one.arguments.begin(), one.arguments.end());
        Command command = hail_command(words);
        command.environment = one.environment;
        CHECK(run(command).code == 0);
        CHECK(peer.finish().at(0).header("Authorization") == one.sent);
    }
}

TEST_CASE("rest: credentials that contradict one another are refused before anything is sent") {
    const std::vector<std::pair<std::vector<std::string>, std::string>> all{
        {{"-u", "a:b", "--bearer", "t"}, "--bearer and -u cannot be combined"},
        {{"--auth", "digest"}, "--auth needs a user"},
        {{"--auth", "basic"}, "--auth needs a user"},
        {{"--auth", "bearer"}, "the password, which is the token, is empty"},
        {{"--auth", "bearer", "-u", "a:"}, "the password, which is the token, is empty"},
        {{"--auth", "digest", "--bearer", "t"}, "send a user and password, not a token"},
        {{"--bearer", ""}, "--bearer"},
        {{"--user", ""}, "--user"},
    };
    for (const auto& [words, expected] : all) {
        const std::string message = expected;
        CAPTURE(message);
        Peer peer({});
        std::vector<std::string> arguments{peer.address("/")};
        arguments.insert(arguments.end(), words.begin(), words.end());
        const Outcome outcome = rest(arguments);
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, message), outcome.err);
        CHECK(peer.connections() == 0);
    }
}
