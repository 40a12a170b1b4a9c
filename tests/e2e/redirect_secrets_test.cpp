// Credentials on the wire across redirects: the exact bytes that each server received.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/tls.h"

using namespace hail::support;

namespace {

const std::string basic = "Authorization: Basic YW5uOm9uZQ==\r\n";  // ann:one

// A way to give a secret: the text before the host in the address, the other words, and the header lines that
// they become.
struct Secret {
    std::string name;
    std::string user_info;
    std::vector<std::string> words;
    std::string lines;
};

std::vector<Secret> secrets_in(const TemporaryDirectory& folder) {
    const std::string netrc = folder.file("netrc", "machine first.test login ann password one\n");
    ::chmod(netrc.c_str(), 0600);
    const std::string session = folder.file("session", "first.test\tFALSE\t/\tFALSE\t0\tsid\t7\n");
    return {
        {"-u", "", {"-u", "ann:one"}, basic},
        {"-u for digest too, before it was asked for", "", {"-u", "ann:one", "--auth", "digest"}, ""},
        {"--bearer", "", {"--bearer", "t"}, "Authorization: Bearer t\r\n"},
        {"an Authorization item", "", {"Authorization:mine"}, "Authorization: mine\r\n"},
        {"netrc", "", {"--netrc-file", netrc}, basic},
        {"the address", "ann:one@", {}, basic},
        {"a Cookie item", "", {"Cookie:a=b"}, "Cookie: a=b\r\n"},
        {"a session's cookie", "", {"--session", session}, "Cookie: sid=7\r\n"},
        {"an API key", "", {"X-Api-Key:k"}, "X-Api-Key: k\r\n"},
        {"any header of one's own", "", {"X-Tenant:t", "-H", "X-Trace: u"}, "X-Trace: u\r\nX-Tenant: t\r\n"},
        {"a proxy's credentials",
         "",
         {"Proxy-Authorization:Basic cHc="},
         "Proxy-Authorization: Basic cHc=\r\n"},
        {"a key for once", "", {"--idempotency-key", "once"}, "Idempotency-Key: once\r\n"}};
}

std::string head_at(const std::string& host, const std::string& path, const std::string& lines) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\nAccept-Encoding: identity\r\n" +
           lines + "\r\n";
}

Step go_to(int status, const std::string& location) {
    return send("HTTP/1.1 " + std::to_string(status) +
                " Elsewhere\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n");
}

// All names resolve to 127.0.0.1, whatever the port.
Outcome call(const Secret& secret, const std::string& scheme, const std::string& host,
             std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"rest",        "-L", scheme + "://" + secret.user_info + host + "/a",
                                       "User-Agent:", "-H", "Accept-Encoding: identity"};
    const std::string port = host.substr(host.find(':') + 1);
    arguments.insert(arguments.end(), {"--connect-to", "first.test:" + port + ":127.0.0.1:" + port});
    arguments.insert(arguments.end(), secret.words.begin(), secret.words.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hail::support::hail(arguments);
}

std::string at(const std::string& name, const Peer& peer) {
    return name + ":" + std::to_string(peer.port());
}

const int statuses[] = {301, 302, 303, 307, 308};

}  // namespace

TEST_CASE("redirect secrets: the same origin gets all secrets again") {
    const TemporaryDirectory folder;
    for (const Secret& secret : secrets_in(folder)) {
        CAPTURE(secret.name);
        for (const int status : statuses) {
            Peer peer({{read_request(), go_to(status, "/b"), read_request(), reply("")}});
            const std::string host = at("first.test", peer);
            CHECK(call(secret, "http", host).code == 0);
            const auto received = peer.finish();
            CHECK(received.at(0).head == head_at(host, "/a", secret.lines));
            CHECK(received.at(1).head == head_at(host, "/b", secret.lines));
        }
    }
}

// A cookie belongs to its host, whatever the port (RFC 6265 8.5); other secrets to scheme, host and port.
TEST_CASE("redirect secrets: another port gets only the cookies of its host") {
    const TemporaryDirectory folder;
    for (const Secret& secret : secrets_in(folder)) {
        CAPTURE(secret.name);
        for (const int status : statuses) {
            Peer other({{read_request(), reply("")}});
            const std::string there = at("first.test", other);
            Peer peer({{read_request(), go_to(status, "http://" + there + "/b")}});
            const std::string port = std::to_string(other.port());
            CHECK(call(secret, "http", at("first.test", peer),
                       {"--connect-to", "first.test:" + port + ":127.0.0.1:" + port})
                      .code == 0);
            CHECK(peer.finish().at(0).head == head_at(at("first.test", peer), "/a", secret.lines));
            const bool hosts = secret.lines == "Cookie: sid=7\r\n";
            CHECK(other.finish().at(0).head == head_at(there, "/b", hosts ? secret.lines : ""));
        }
    }
}

TEST_CASE("redirect secrets: another host gets no secret, although it is the same server") {
    const TemporaryDirectory folder;
    for (const Secret& secret : secrets_in(folder)) {
        CAPTURE(secret.name);
        for (const int status : statuses) {
            Peer peer({{read_request(), go_to(status, "//second.test/b")}, {read_request(), reply("")}});
            const std::string port = std::to_string(peer.port());
            const Outcome outcome = call(secret, "http", at("first.test", peer),
                                         {"--connect-to", "second.test:80:127.0.0.1:" + port});
            CHECK(outcome.code == 0);
            CHECK(peer.finish().at(1).head == head_at("second.test", "/b", ""));
            const bool warned = outcome.err.find("not sent there: ") != std::string::npos;
            CHECK(warned == (secret.name != "a session's cookie"));
        }
    }
}

TEST_CASE("redirect secrets: secrets for https are never sent over http") {
    const TemporaryDirectory folder;
    const Certificates certificates = make_certificates(folder.path());
    for (const Secret& secret : secrets_in(folder)) {
        CAPTURE(secret.name);
        Peer plain({{read_request(), reply("")}});
        Peer secure(
            {{tls(certificates), read_request(), go_to(302, "http://" + at("second.test", plain) + "/b")}});
        const std::string port = std::to_string(plain.port());
        const Outcome outcome = call(secret, "https", at("first.test", secure),
                                     {"-k", "--connect-to", "second.test:" + port + ":127.0.0.1:" + port});
        CHECK(secure.finish().at(0).head == head_at(at("first.test", secure), "/a", secret.lines));
        if (secret.name == "a session's cookie") {
            CHECK(outcome.code == 0);  // it is not sent there anyway
            CHECK(plain.finish().at(0).head == head_at(at("second.test", plain), "/b", ""));
        } else {
            CHECK(outcome.code == 3);
            CHECK(outcome.err.find("it leads from https to http") != std::string::npos);
            CHECK(plain.connections() == 0);
        }
    }
}

TEST_CASE("redirect secrets: a redirect back to the first origin does not restore them") {
    std::string away_address;
    const auto answer = [&](const Received& request) {
        const bool first = request.line() == "GET /a HTTP/1.1";
        return (first ? "HTTP/1.1 302 There\r\nLocation: " + away_address : "HTTP/1.1 200 OK") +
               "\r\nContent-Length: 0\r\n\r\n";
    };
    Peer home({{serve(answer)}}, Peer::Others::repeat);
    Peer away({{read_request(), go_to(302, "http://" + home.address("/c"))}});
    away_address = "http://" + away.address("/b");
    CHECK(hail::support::hail({"rest", "-L", home.address("/a"), "X-Api-Key:k"}).code == 0);
    CHECK(away.finish().at(0).header("X-Api-Key").empty());
    CHECK(home.received().at(0).header("X-Api-Key") == "k");
    CHECK(home.received().at(1).line() == "GET /c HTTP/1.1");
    CHECK(home.received().at(1).header("X-Api-Key").empty());
}
