// TLS that fails, told in plain words with a hint that helps, in every command.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/tls.h"

using namespace hail::support;

namespace {

using Words = std::vector<std::string>;

// A call of each command over TLS, with further options.
std::vector<Words> calls(const Peer& peer, const Words& options) {
    const std::string place = "://localhost:" + std::to_string(peer.port());
    std::vector<Words> all{{"rest", "https" + place},
                           {"rpc", "https" + place, "m"},
                           {"batch", "https" + place, "--retry", "0"},
                           {"publish", "rediss" + place, "c", "m"},
                           {"subscribe", "rediss" + place, "c"}};
    for (Words& one : all) {
        one.insert(one.end(), options.begin(), options.end());
    }
    return all;
}

// The words of each call, for batch also its record; every one ends with 7 and never shows the library's own
// text.
std::vector<std::string> told(const Step& handshake, const Words& options) {
    std::vector<std::string> all;
    Peer peer({{handshake}}, Peer::Others::repeat);
    for (const Words& words : calls(peer, options)) {
        Command command = hail_command(words);
        command.input = words.front() == "batch" ? "{\"method\":\"m\",\"id\":1}\n" : "";
        const Outcome outcome = run(command);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 7);
        CHECK_FALSE(mentions(outcome.err, "SSL routines"));
        CHECK_FALSE(mentions(outcome.err, "OpenSSL/"));
        all.push_back(words.front() == "batch" ? outcome.out + "\n" + outcome.err : outcome.err);
    }
    return all;
}

}  // namespace

TEST_CASE("tls hints: a certificate for another name is told with its names, not with --cacert") {
    const TemporaryDirectory folder;
    Certificates made = make_certificates(folder.path());
    made.server = made.wrong_name;
    made.server_key = made.wrong_name_key;
    for (const std::string& text : told(tls_refused(made), {"--cacert", made.ca.string()})) {
        CAPTURE(text);
        CHECK(mentions(text, "the server's certificate is not for localhost, but for wrong.example"));
        CHECK(mentions(text, "use that name, with --connect-to if it leads elsewhere"));
        CHECK_FALSE(mentions(text, "--cacert"));
    }
}

TEST_CASE("tls hints: an authority that is not trusted is told with --cacert") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    for (const std::string& text : told(tls_refused(made), {"--cacert", made.other_ca.string()})) {
        CAPTURE(text);
        CHECK(mentions(text, "the server's certificate is not accepted: its authority is not trusted"));
        CHECK(mentions(text, "trust its authority with --cacert FILE"));
    }
}

TEST_CASE("tls hints: a certificate that has expired is told with the clock, not with --cacert") {
    const TemporaryDirectory folder;
    const Certificates made = with_expired_server(make_certificates(folder.path()));
    for (const std::string& text : told(tls_refused(made), {"--cacert", made.ca.string()})) {
        CAPTURE(text);
        CHECK(mentions(text, "the server's certificate is not accepted: it has expired"));
        CHECK(mentions(text, "is the clock of this machine right?"));
        CHECK_FALSE(mentions(text, "--cacert"));
    }
}

TEST_CASE("tls hints: a server that shares no cipher is not said to want a client certificate") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    for (const std::string& text : told(tls_without_shared_cipher(made), {"--cacert", made.ca.string()})) {
        CAPTURE(text);
        CHECK(mentions(text, "the server accepts none of the ciphers and versions of TLS offered to it"));
        CHECK_FALSE(mentions(text, "client certificate"));
    }
}

TEST_CASE("tls hints: a version of TLS that --tls-min rules out is told in plain words") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    for (const std::string& text :
         told(tls_of_version_1_2(made), {"--cacert", made.ca.string(), "--tls-min", "1.3"})) {
        CAPTURE(text);
        CHECK(mentions(text, "the server does not speak the versions of TLS that are allowed here"));
        CHECK(mentions(text, "allow an older version with --tls-min\n"));
    }
}

TEST_CASE("tls hints: --tls-min lets a server with that version through") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    Peer peer({{tls(made), read_request(), reply("x")}}, Peer::Others::repeat);
    for (const std::string version : {"1.2", "1.3"}) {
        const Outcome outcome = rest({"https://localhost:" + std::to_string(peer.port()), "--cacert",
                                      made.ca.string(), "--tls-min", version});
        CHECK_MESSAGE(outcome.out == "x", outcome.err);
    }
}

TEST_CASE("tls hints: a port that closes at once without TLS is told with the scheme that has it") {
    for (const Words& words : {Words{"publish", "c", "m"}, Words{"subscribe", "c"}}) {
        Peer peer({{read_until("\r\n"), reset()}});
        Words all{words.front(), "redis://" + peer.address("")};
        all.insert(all.end(), words.begin() + 1, words.end());
        const Outcome outcome = run(hail_command(all));
        CHECK(outcome.code == 8);
        CHECK_MESSAGE(mentions(outcome.err, "if the server expects TLS, use rediss://"), outcome.err);
    }
}

TEST_CASE("tls hints: TLS that breaks is not told to use TLS") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    Peer peer({{tls(made), stall()}});
    const Outcome outcome =
        run(hail_command({"publish", "rediss://u:p@localhost:" + std::to_string(peer.port()), "c", "m",
                          "--cacert", made.ca.string(), "--timeout", "300ms"}));
    CHECK(outcome.code == 2);
    CHECK_FALSE(mentions(outcome.err, "if the server expects TLS"));
}
