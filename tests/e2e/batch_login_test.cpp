// hail batch against servers that ask for a login or a session before they execute anything.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

std::string ok(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":true})";
}

std::string calls(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"({"method":"m","id":)" + std::to_string(i) + "}\n";
    }
    return text;
}

Outcome batch(const Peer& peer, int count, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"batch", peer.address(), "--chunk", "1", "--parallel", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hail::support::hail(arguments, calls(count));
}

Step challenge(const std::string& nonce, const std::string& more = {}) {
    return send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"" + nonce +
                "\", qop=\"auth\"" + more + "\r\nContent-Length: 0\r\n\r\n");
}

Step wants_session(const std::string& id) {
    return send("HTTP/1.1 409 Conflict\r\nX-Transmission-Session-Id: " + id +
                "\r\nContent-Length: 2\r\n\r\nno");
}

const std::vector<std::string> digest{"--auth", "digest", "-u", "me:pw"};

}  // namespace

TEST_CASE("batch login: a Digest challenge is answered, and its nonce serves the calls that follow") {
    Peer peer({{read_request(), challenge("n"), read_request(), reply(ok(1)), read_request(), reply(ok(2))}});
    CHECK(batch(peer, 2, digest).code == 0);
    const auto received = peer.finish();
    REQUIRE(received.size() == 3);
    CHECK(received.at(0).header("Authorization").empty());
    CHECK(received.at(1).body == received.at(0).body);
    CHECK(mentions(received.at(1).header("Authorization"), "Digest username=\"me\""));
    CHECK(mentions(received.at(1).header("Authorization"), "nc=00000001"));
    CHECK(mentions(received.at(2).header("Authorization"), "nc=00000002"));
    CHECK(peer.connections() == 1);
}

TEST_CASE("batch login: a Digest nonce that became too old is replaced, and no call is lost") {
    Peer peer({{read_request(), challenge("n"), read_request(), reply(ok(1)), read_request(),
                challenge("o", ", stale=true"), read_request(), reply(ok(2))}});
    CHECK(batch(peer, 2, digest).code == 0);
    CHECK(mentions(peer.finish().at(3).header("Authorization"), "nonce=\"o\""));
}

TEST_CASE("batch login: Digest uses one connection, with a warning if more were asked for") {
    Peer peer({{read_request(), challenge("n"), read_request(), reply(ok(1))}});
    std::vector<std::string> words = digest;
    words.insert(words.end(), {"--parallel", "2"});
    CHECK(mentions(batch(peer, 1, words).err, "warning: --parallel is lowered to 1"));
}

TEST_CASE("batch login: a Digest password that is refused stops the run") {
    Peer peer({{read_request(), challenge("n"), read_request(), challenge("o")}});
    const Outcome outcome = batch(peer, 9, digest);
    CHECK(outcome.code == 4);
    CHECK(mentions(outcome.out, "\"i\":0,\"id\":0,\"outcome\":\"refused\",\"why\":\"HTTP 401"));
    CHECK(mentions(outcome.err, "hint: the server does not accept this user and password"));
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("batch login: the id of a session that a 409 brings is sent with that call and the next ones") {
    Peer peer({{read_request(), wants_session("s1"), read_request(), reply(ok(1)), read_request(),
                reply(ok(2)), read_request(), wants_session("s2"), read_request(), reply(ok(3))}});
    CHECK(batch(peer, 3).code == 0);
    const auto received = peer.finish();
    const std::vector<std::string> ids{"", "s1", "s1", "s1", "s2"};
    REQUIRE(received.size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(received.at(i).header("X-Transmission-Session-Id") == ids.at(i));
    }
}

TEST_CASE("batch login: a server that asks for another session each time gets each call twice at most") {
    Peer peer({{read_request(), wants_session("s1"), read_request(), wants_session("s2")}});
    const Outcome outcome = batch(peer, 1);
    CHECK(mentions(outcome.out, "\"outcome\":\"refused\",\"why\":\"HTTP 409"));
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("batch login: a 409 without the id of a session is not answered") {
    Peer peer({{read_request(), send("HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")}});
    CHECK(mentions(batch(peer, 1).out, "\"outcome\":\"refused\",\"why\":\"HTTP 409"));
    CHECK(peer.finish().size() == 1);
}

TEST_CASE("batch login: an error with the call's id under a 401 stops the run, with the exit status of rpc") {
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"log in"}})";
    const Script script{read_request(), send("HTTP/1.1 401 Unauthorized\r\nContent-Length: " +
                                             std::to_string(error.size()) + "\r\n\r\n" + error)};
    Peer peer({script});
    const Outcome outcome = batch(peer, 9);
    CHECK(mentions(outcome.out, "\"i\":0,\"id\":0,\"outcome\":\"refused\",\"why\":\"error -32001: log in\""));
    CHECK(mentions(outcome.err, "stopped after line 1 of the input: error -32001: log in"));
    CHECK(peer.finish().size() == 1);
    Peer single({script});
    CHECK(outcome.code == hail::support::hail({"rpc", single.address(), "m", "--id", "1"}).code);
}
