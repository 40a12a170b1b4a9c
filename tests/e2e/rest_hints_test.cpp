#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

// Hints about what to do next: they must be true and must not show a secret.

using namespace hail::support;

namespace {

Step refuse(const std::string& challenge) {
    return send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: " + challenge +
                "\r\n\r\n");
}

// The stderr of a call that receives this reply.
std::string told(const Step& answer, std::vector<std::string> arguments) {
    Peer peer({{read_request(), answer}});
    arguments.push_back(peer.address());
    return rest(arguments).err;
}

}  // namespace

TEST_CASE("rest hints: a 401 names the credentials that were not accepted") {
    const Step basic = refuse("Basic realm=\"r\"");
    CHECK(mentions(told(basic, {}), "log in with --user or --bearer; the server asks for Basic"));
    CHECK(mentions(told(basic, {"-u", "a:b"}),
                   "does not accept this user and password; it asks for Basic realm="));
    CHECK(mentions(told(basic, {"--bearer", "t"}), "does not accept the token that was sent"));
    CHECK(
        mentions(told(basic, {"-H", "Authorization:x"}), "does not accept the Authorization that was sent"));
    CHECK(mentions(told(basic, {"-u", "a:b", "--auth", "digest"}),
                   "the server offers no Digest scheme that hail supports, but Basic"));
    CHECK(mentions(
        told(refuse("Digest realm=\"r\", nonce=\"n\", qop=\"token\""), {"-u", "a:b", "--auth", "digest"}),
        "the server offers no Digest scheme that hail supports, but Digest realm=\"r\", nonce=\"n\", "
        "qop=\"token\""));
}

TEST_CASE("rest hints: --follow is suggested only if it would help") {
    const auto moved = [](const std::string& status) {
        return send("HTTP/1.1 " + status +
                    "\r\nLocation: http://ann:secret@h/?token=secret\r\nContent-Length: 0\r\n\r\n");
    };
    const std::string plain = told(moved("302 Found"), {});
    CHECK(mentions(plain, "it points to http://ann:***@h/?token=***: --follow goes there"));
    CHECK_FALSE(mentions(plain, "secret"));
    for (const char* status : {"300 Choices", "305 Proxy"}) {
        CHECK(mentions(told(moved(status), {"-L"}), "it points to http://ann:***@h/?token=***\n"));
    }
}

TEST_CASE("rest hints: an error shows the query of its URL with secrets masked") {
    Peer peer({{read_request(), send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")}});
    const Outcome outcome = rest({peer.address("/a"), "b==1", "access_token==quiet", "signature==quiet"});
    CHECK(mentions(outcome.err, "/a?b=1&access_token=***&signature=***: 404 No"));
    CHECK(mentions(peer.finish().at(0).line(), "access_token=quiet&signature=quiet"));
}

TEST_CASE("rest hints: a proxy that cannot be reached is named") {
    const Outcome outcome = rest({"--proxy", "http://127.0.0.1:1", "http://target.test/"});
    CHECK(outcome.code == 7);
    CHECK(mentions(outcome.err, "cannot connect to the proxy 127.0.0.1:1: Connection refused\n"));
    CHECK(mentions(outcome.err, "is a proxy listening there? --proxy '' goes without one"));
}

TEST_CASE("rest hints: a proxy that asks for a password is named with its scheme") {
    const std::string refusal = http_answer("log in", "Proxy-Authenticate: Basic realm=\"p\"\r\n",
                                            "407 Proxy Authentication Required");
    Peer plain({{read_request(), send(refusal)}});
    const Outcome outcome = rest({"--proxy", "http://" + plain.address(""), "http://target.test/"});
    CHECK(outcome.code == 4);
    CHECK(mentions(outcome.err, "the proxy " + plain.address("") + " asks for Basic realm=\"p\""));
    CHECK(mentions(outcome.err, "--proxy USER:PASSWORD@HOST:PORT"));
    Peer tunnel({{read_request(), send(refusal)}});
    const Outcome refused = rest({"--proxy", "http://" + tunnel.address(""), "https://target.test/", "-v"});
    CHECK(refused.code == 7);
    CHECK(mentions(refused.err, "the proxy refused the tunnel with status 407\n"));
    CHECK(mentions(refused.err, "it asks for Basic: give its user and password with --proxy"));
    CHECK(mentions(refused.err, "* the proxy says: log in\n"));
}

TEST_CASE("rest hints: a silence that was too long names --idle-timeout") {
    Peer peer({{read_request(), stall()}});
    const Outcome outcome = rest({peer.address(), "--idle-timeout", "50ms"});
    CHECK(outcome.code == 2);
    CHECK(mentions(outcome.err, "--idle-timeout"));
}

TEST_CASE("rest hints: a server without plain HTTP/2 is suggested as the cause") {
    for (const Step& answer : {cut(), send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")}) {
        Peer peer({{read_until("\r\n\r\n"), answer, cut()}});
        const Outcome outcome = rest({"http://" + peer.address(), "--http2"});
        CHECK(outcome.code != 0);
        CHECK(mentions(outcome.err, "leave --http2 out"));
    }
}

TEST_CASE("rest hints: an item before the address is not shown, because it may be a secret") {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"X-Api-Key:SECRET", "localhost:1"},
                                                  {"X-Api-Key:SECRET"},
                                                  {"GET", "X-Api-Key:SECRET"}}) {
        const Outcome outcome = rest(words);
        CHECK(outcome.code == 64);
        CHECK_FALSE(mentions(outcome.err, "SECRET"));
        CHECK(mentions(outcome.err, "put items such as Name:value after the address"));
    }
}

TEST_CASE("rest hints: an empty token is an error before anything is sent") {
    Peer peer({{read_request(), reply("")}});
    const TemporaryDirectory folder;
    const Outcome outcome = rest({peer.address(), "--bearer", "@" + folder.file("token", "\n")});
    CHECK(outcome.code == 64);
    CHECK(mentions(outcome.err, "option --bearer: the token is empty"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("rest hints: a body is compressed once") {
    Peer peer({{read_request(), reply("")}});
    const Outcome outcome = rest({peer.address(), "--compress", "gzip", "Content-Encoding:gzip", "a=1"});
    CHECK(outcome.code == 64);
    CHECK(mentions(outcome.err, "--compress sets Content-Encoding itself"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("options: an error in a value from the environment names the variable") {
    const auto told_of = [](const std::string& name, const std::string& value,
                            std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"rest", "localhost:1"});
        Command command = hail_command(std::move(arguments));
        command.environment = {{name, value}};
        const Outcome outcome = run(command);
        CHECK(outcome.code == 64);
        return outcome.err;
    };
    CHECK(told_of("HAIL_RETRY", "x", {}) == "hail: variable HAIL_RETRY: 'x' is not a whole number\n");
    CHECK(told_of("HAIL_FOLLOW", "maybe", {}) ==
          "hail: variable HAIL_FOLLOW: 'maybe' is neither true nor false\n");
    CHECK(told_of("HAIL_RETRY", "1", {"--retry", "x"}) ==
          "hail: option --retry: 'x' is not a whole number\n");
    CHECK(told_of("HAIL_RETRY", "1", {"--follow=maybe"}) ==
          "hail: option --follow: 'maybe' is neither true nor false\n");
}
