#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/http/json_web_token.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail;
using namespace hail::support;

namespace {

const std::string ok = result_reply("1");

Script refuses(const std::string& scheme) {
    return answer("", "401 Unauthorized", "WWW-Authenticate: " + scheme + "\r\n");
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// The time of issue in a token, if the secret signed it; otherwise 0.
std::int64_t issued(const std::string& header, const std::string& secret) {
    for (std::int64_t at = now(); at > now() - 30; --at) {
        if (header == "Bearer " + http::json_web_token(secret, at)) {
            return at;
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("rpc login: --cookie-file sends the user and password in a file, and batch does too") {
    const TemporaryDirectory folder;
    const std::string cookie = folder.file(".cookie", "__cookie__:12:ab\n");
    Peer peer({answer(ok), answer("[" + ok + "]")});
    CHECK(call(peer, {"--cookie-file", cookie}).code == 0);
    CHECK(hail::support::hail({"batch", peer.address(), "--cookie-file", cookie}, R"({"method":"m","id":5})")
              .code == 0);
    for (const Received& received : peer.finish()) {
        CHECK(received.header("Authorization") == "Basic " + base::base64("__cookie__:12:ab"));
    }
}

TEST_CASE("rpc login: a cookie file that is missing or holds no user is an error before anything is sent") {
    const TemporaryDirectory folder;
    const Outcome missing =
        hail::support::hail({"rpc", "localhost:1", "m", "--cookie-file", folder.path("none")});
    CHECK(mentions(missing.err, "the cookie file " + folder.path("none")));
    CHECK(missing.code == 66);
    const Outcome wrong =
        hail::support::hail({"rpc", "localhost:1", "m", "--cookie-file", folder.file("c", "secret\n")});
    CHECK(mentions(wrong.err, "it has no USER:PASSWORD"));
    CHECK_FALSE(mentions(wrong.err, "secret"));
    CHECK(wrong.code == 65);
}

TEST_CASE("rpc login: one way at a time") {
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "--cookie-file", "c", "-u", "me:pw"}).code == 64);
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "--jwt-secret", "c", "--bearer", "t"}).code == 64);
}

TEST_CASE("rpc login: --jwt-secret signs a fresh token for each request") {
    const TemporaryDirectory folder;
    const std::string secret(32, '\x02');
    std::string hex = "0x";
    for (int i = 0; i < 32; ++i) {
        hex += "02";
    }
    const std::string file = folder.file("jwt.hex", hex + "\n");
    Peer peer({answer("", "429 Too Many Requests", "Retry-After: 1\r\n"), answer(ok)});
    CHECK(call(peer, {"--jwt-secret", file, "--retry", "1"}).code == 0);
    const auto received = peer.finish();
    const std::int64_t first = issued(received.at(0).header("Authorization"), secret);
    CHECK(first > 0);
    CHECK(issued(received.at(1).header("Authorization"), secret) > first);
    const Outcome dry = hail::support::hail({"rpc", "localhost:1", "m", "--jwt-secret", file, "--dry-run"});
    CHECK_FALSE(mentions(dry.out, "eyJ"));
}

TEST_CASE("rpc login: a secret that is not hexadecimal is an error that does not show it") {
    const TemporaryDirectory folder;
    const Outcome outcome = hail::support::hail(
        {"rpc", "localhost:1", "m", "--jwt-secret", folder.file("jwt", "correct horse\n")});
    CHECK(mentions(outcome.err, "it is not hexadecimal"));
    CHECK_FALSE(mentions(outcome.err, "horse"));
    CHECK(outcome.code == 65);
}

TEST_CASE("rpc login: --auth digest answers the challenge on the connection that gave it") {
    const std::string challenge =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
        "Content-Length: 0\r\n\r\n";
    const TemporaryDirectory folder;
    for (const std::vector<std::string>& login :
         {std::vector<std::string>{"-u", "me:pw"}, {"--cookie-file", folder.file("c", "me:pw\n")}}) {
        Peer peer({{read_request(), send(challenge), read_request(), reply(ok)}});
        std::vector<std::string> more{"--auth", "digest"};
        more.insert(more.end(), login.begin(), login.end());
        CHECK(call(peer, more).out == "1\n");
        const auto received = peer.finish();
        CHECK(received.at(0).header("Authorization").empty());
        CHECK(mentions(received.at(1).header("Authorization"), "Digest username=\"me\""));
        CHECK(received.at(1).body == received.at(0).body);
        CHECK(peer.connections() == 1);
    }
}

TEST_CASE("rpc login: the time limit covers a challenge and its answer together") {
    const std::string challenge =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"
        "Content-Length: 0\r\n\r\n";
    Peer peer({{read_request(), send(challenge), read_request(), stall()}});
    CHECK(call(peer, {"--auth", "digest", "-u", "me:pw", "--timeout", "400ms"}).code == 2);
}

TEST_CASE("rpc login: a 401 names the scheme that was asked for, and the options that give it") {
    const std::string basic = "Basic realm=\"jsonrpc\"";
    const std::string digest = "Digest realm=\"monero\", nonce=\"n\"";
    Peer peer({refuses(basic), refuses(digest), refuses(digest)});
    const Outcome nothing = call(peer);
    CHECK(mentions(nothing.err,
                   "--user, --cookie-file, --bearer or --jwt-secret; the server asks for " + basic));
    CHECK(nothing.code == 4);
    CHECK(mentions(call(peer, {"-u", "me:pw"}).err, "the server asks for Digest: add --auth digest"));
    CHECK(mentions(call(peer).err, "log in with --user and --auth digest; the server asks for Digest"));
}

TEST_CASE("rpc session: cookies are kept for the next call, and batch sends them") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("s");
    Peer peer({answer(ok, "200 OK", "Set-Cookie: sid=5\r\n"), answer(ok), answer("[" + ok + "]")});
    CHECK(call(peer, {"--session", file, "-H", "X-Kept: 1"}).code == 0);
    CHECK(call(peer, {"--session", file}).code == 0);
    CHECK(hail::support::hail({"batch", peer.address("/rpc"), "--session", file}, R"({"method":"m","id":5})")
              .code == 0);
    const auto received = peer.finish();
    CHECK(received.at(0).header("Cookie").empty());
    for (std::size_t later = 1; later < 3; ++later) {
        CHECK(received.at(later).header("Cookie") == "sid=5");
        CHECK(received.at(later).header("X-Kept") == "1");
    }
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("rpc session: a 409 with a session id is answered once with the id, which a session keeps") {
    const TemporaryDirectory folder;
    const Script conflict =
        answer("<h1>409: Conflict</h1>", "409 Conflict", "X-Transmission-Session-Id: abc\r\n");
    Peer peer({conflict, answer(ok), answer(ok)});
    CHECK(call(peer, {"--session", folder.path("s")}).out == "1\n");
    CHECK(call(peer, {"--session", folder.path("s")}).code == 0);
    const auto received = peer.finish();
    CHECK(received.at(0).header("X-Transmission-Session-Id").empty());
    CHECK(received.at(1).header("X-Transmission-Session-Id") == "abc");
    CHECK(received.at(2).header("X-Transmission-Session-Id") == "abc");

    Peer stubborn({conflict, conflict, conflict});
    CHECK(call(stubborn).code == 4);
    CHECK(stubborn.received().size() == 2);
    Peer without({answer("", "409 Conflict")});
    CHECK(call(without).code == 4);
    CHECK(without.finish().size() == 1);
}

TEST_CASE("rpc session: the id of an MCP session is kept") {
    const TemporaryDirectory folder;
    Peer peer({answer(ok, "200 OK", "Mcp-Session-Id: m1\r\n"), answer(ok)});
    call(peer, {"--session", folder.path("s"), "-H", "X-Kept: 1"});
    call(peer, {"--session", folder.path("s")});
    const auto received = peer.finish();
    CHECK(received.at(1).header("Mcp-Session-Id") == "m1");
    CHECK(received.at(1).header("X-Kept") == "1");
}

TEST_CASE("rpc: a service may listen on a unix socket") {
    const TemporaryDirectory folder;
    const std::string socket = folder.path("rpc.sock");
    Peer peer({answer(ok)}, Peer::Others::refuse, socket);
    CHECK(hail::support::hail({"rpc", "localhost/rpc", "m", "--unix-socket", socket}).out == "1\n");
    CHECK(peer.finish().at(0).line() == "POST /rpc HTTP/1.1");
}
