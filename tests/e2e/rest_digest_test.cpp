#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/digest.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

// Challenges, and on which connection, how often and with which body they are answered.

using namespace hail::support;

namespace {

std::string challenge(const std::string& more, const std::string& headers = {}) {
    return http_answer("no", "WWW-Authenticate: Digest realm=\"r\", " + more + "\r\n" + headers,
                       "401 Unauthorized");
}

const std::string first = challenge("nonce=\"n1\", qop=\"auth\"");
const std::vector<std::string> login{"-u", "ann:one", "--auth", "digest"};

Outcome digest(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.end(), login.begin(), login.end());
    return rest(arguments, input);
}

// A server that never has enough of asking: each nonce is new.
std::vector<Script> insatiable(const std::string& more) {
    const auto count = std::make_shared<std::atomic<int>>(0);
    return always([more, count](const Received&) {
        return challenge("nonce=\"n" + std::to_string(++*count) + "\", qop=auth" + more);
    });
}

}  // namespace

TEST_CASE("digest: one fresh nonce is answered after stale, and no more") {
    for (const char* method : {"GET", "POST"}) {
        Peer peer(insatiable(", stale=true"), Peer::Others::repeat);
        const Outcome outcome = digest({method, peer.address("/x")});
        CHECK(outcome.code == 4);
        CHECK(peer.received().size() == 3);
        CHECK(mentions(outcome.err, "calls each new nonce of its own too old"));
    }
    Peer peer(insatiable(""), Peer::Others::repeat);
    CHECK(mentions(digest({peer.address("/x")}).err, "the server does not accept this user and password"));
    CHECK(peer.received().size() == 2);
}

TEST_CASE("digest: rpc ends after one fresh nonce too") {
    Peer peer(insatiable(", stale=true"), Peer::Others::repeat);
    const Outcome outcome =
        hail::support::hail({"rpc", peer.address("/"), "m", "--auth", "digest", "-u", "ann:one"});
    CHECK(outcome.code == 4);
    CHECK(peer.received().size() == 3);
    CHECK(mentions(outcome.err, "calls each new nonce of its own too old"));
}

TEST_CASE("digest: challenges and redirects in turn come to an end") {
    const auto count = std::make_shared<std::atomic<int>>(0);
    Peer peer(always([count](const Received&) {
                  const int number = ++*count;
                  return number % 2 == 0
                             ? http_answer("", "Location: /x\r\n", "307 Temporary Redirect")
                             : challenge("nonce=\"" + std::to_string(number) + "\", qop=auth, stale=true");
              }),
              Peer::Others::repeat);
    CHECK(digest({"-L", "POST", peer.address("/x"), "a=1"}).code == 6);
    CHECK(peer.received().size() == 22);
}

TEST_CASE("digest: a challenge is answered on the connection that gave it") {
    for (const std::string command : {"rest", "rpc"}) {
        Peer peer(always([](const Received& request) {
                      const std::string nonce = "nonce=\"" + std::to_string(request.connection) + "\"";
                      return mentions(request.header("Authorization"), nonce)
                                 ? http_answer(R"({"jsonrpc":"2.0","id":1,"result":7})")
                                 : challenge(nonce + ", qop=auth, stale=true");
                  }),
                  Peer::Others::repeat);
        const Outcome outcome =
            hail::support::hail({command, peer.address("/"), command == "rest" ? "x=1" : "m", "-u", "ann:one",
                                 "--auth", "digest"});
        CHECK(outcome.code == 0);
        CHECK(peer.received().size() == 2);
        CHECK(peer.received().at(0).body == peer.received().at(1).body);
    }
}

TEST_CASE("digest: a server that closes after its challenge is answered over a new connection") {
    const std::string closing =
        challenge("nonce=\"n1\", qop=\"auth\", algorithm=SHA-256", "Connection: close\r\n");
    Peer peer({{read_request(), send(closing)}, {read_request(), reply("done")}});
    CHECK(digest({peer.address("/a?b"), "x=1"}).out == "done");
    const auto received = peer.finish();
    CHECK(received.at(0).header("Authorization").empty());
    CHECK(received.at(0).body == R"({"x":"1"})");
    CHECK(received.at(1).body == R"({"x":"1"})");
    const std::string answer = received.at(1).header("Authorization");
    CHECK(answer.starts_with(
        "Digest username=\"ann\", realm=\"r\", nonce=\"n1\", uri=\"/a?b\", algorithm=SHA-256, "));
    CHECK(mentions(answer, "qop=auth, nc=00000001, cnonce="));
}

TEST_CASE("digest: a body from a pipe waits until the challenge is known") {
    for (const std::vector<std::string>& body :
         {std::vector<std::string>{"--chunked"}, {"--multipart", "f@-"}}) {
        Peer peer({{read_request(), send(first), read_request(), reply("done")}});
        std::vector<std::string> arguments{"POST", peer.address("/x")};
        arguments.insert(arguments.end(), body.begin(), body.end());
        CHECK(digest(arguments, "from a pipe").out == "done");
        const auto received = peer.finish();
        CHECK(received.at(0).body.empty());
        CHECK(received.at(0).header("Content-Length") == "0");
        CHECK(received.at(0).header("Transfer-Encoding").empty());
        CHECK(mentions(received.at(1).body, "from a pipe"));
        CHECK(mentions(received.at(1).header("Authorization"), "nonce=\"n1\""));
    }
}

TEST_CASE("digest: a body from a pipe goes out once where no challenge comes") {
    for (const char* status : {"200 OK", "404 Not Found", "307 Temporary Redirect"}) {
        Peer peer(
            {{read_request(), send(http_answer("who asks", "", status)), read_request(), reply("done")}});
        CHECK(digest({"POST", peer.address("/x"), "--chunked"}, "from a pipe").out == "done");
        const auto received = peer.finish();
        CHECK(received.at(0).body.empty());
        CHECK(received.at(1).body == "from a pipe");
        CHECK(received.at(1).header("Authorization").empty());
    }
}

TEST_CASE("digest: no password is called wrong that was not sent") {
    Peer stale(insatiable(", stale=true"), Peer::Others::repeat);
    const Outcome gone = digest({"POST", stale.address("/x"), "--chunked"}, "from a pipe");
    CHECK(gone.code == 4);
    CHECK(mentions(gone.err, "the body came from a stream and cannot be sent again"));
    CHECK(stale.received().size() == 2);
    Peer whole({{read_request(), send(challenge("nonce=n, qop=auth-int"))}});
    const Outcome unknown = digest({"POST", whole.address("/x"), "--chunked"}, "from a pipe");
    CHECK(unknown.code == 4);
    CHECK(mentions(unknown.err, "qop=auth-int needs the whole body before it is sent"));
}

TEST_CASE("digest: auth-int vouches for the body, from the command line and from a file") {
    const TemporaryDirectory folder;
    const std::string file = folder.file("body", std::string(200'000, 'b'));
    const auto md5 = [](const std::string& text) {
        return hail::base::hex_digest(hail::base::Digest::Kind::md5, text);
    };
    for (const std::string& body : {std::string("typed"), "@" + file}) {
        Peer peer(
            {{read_request(), send(challenge("nonce=n, qop=auth-int")), read_request(), reply("done")}});
        CHECK(digest({"PUT", peer.address("/x"), "-d", body}).out == "done");
        const Received answered = peer.finish().at(1);
        const std::string answer = answered.header("Authorization");
        const std::string cnonce = answer.substr(answer.find("cnonce=\"") + 8, 24);
        CHECK(answered.body.size() == (body == "typed" ? 5 : 200'000));
        CHECK(mentions(answer, "response=\"" +
                                   md5(md5("ann:r:one") + ":n:00000001:" + cnonce +
                                       ":auth-int:" + md5("PUT:/x:" + md5(answered.body))) +
                                   "\""));
    }
}
