#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/tls.h"

// Client certificates that a server demands, and the passwords of their keys.

using namespace hail::support;

namespace {

// Certificates, with the client's key encrypted by the word "sesame".
struct Locked {
    Locked() : made(make_certificates(folder.path())), key(folder.path("locked.key")) {
        run({.argv = {"openssl", "pkcs8", "-topk8", "-in", made.client_key.string(), "-out", key, "-passout",
                      "pass:sesame"}});
    }

    std::vector<std::string> with_key(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(),
                         {"--cacert", made.ca.string(), "--cert", made.client.string(), "--key", key});
        return arguments;
    }

    TemporaryDirectory folder;
    Certificates made;
    std::string key;
};

std::string https(const Peer& peer) {
    return "https://localhost:" + std::to_string(peer.port()) + "/";
}

// A call of each command to a server that has TLS.
std::vector<std::vector<std::string>> calls(const std::string& port) {
    return {{"rest", "https://localhost:" + port},
            {"rpc", "https://localhost:" + port, "m"},
            {"batch", "https://localhost:" + port, "--retry", "0"},
            {"publish", "rediss://localhost:" + port, "c", "m"},
            {"subscribe", "rediss://localhost:" + port, "c"}};
}

}  // namespace

TEST_CASE("client certificate: HAIL_KEY is not for a typed certificate of another pair") {
    const Locked locked;
    Peer peer({{tls(locked.made), read_request(), reply("x")}}, Peer::Others::repeat);
    const std::string both = locked.folder.file(
        "both.pem", read_file(locked.made.client.string()) + read_file(locked.made.client_key.string()));
    Command command =
        hail_command({"rest", https(peer), "--cacert", locked.made.ca.string(), "--cert", both});
    command.environment = {
        {"HAIL_CERT", locked.made.server.string()}, {"HAIL_KEY", locked.key}, {"HAIL_KEY_PASSWORD", "wrong"}};
    const Outcome outcome = run(command);
    CHECK_MESSAGE(outcome.out == "x", outcome.err);
    command.environment[0].second = both;  // the same pair
    CHECK(run(command).code == 64);
}

TEST_CASE("client certificate: one that is missing is exit status 7 in every run") {
    const Locked locked;
    Peer peer({{tls_without_certificate(locked.made)}}, Peer::Others::repeat);
    const std::string file = locked.folder.file("large", std::string(3'000'000, 'x'));
    for (int i = 0; i < 12; ++i) {
        const std::string body = i % 2 == 0 ? "small" : "@" + file;
        const Outcome outcome = rest({https(peer), "-d", body, "--cacert", locked.made.ca.string()});
        CAPTURE(outcome.err);
        CHECK(outcome.code == 7);
        CHECK(mentions(outcome.err, "wants a client certificate that it accepts: certificate required"));
    }
}

TEST_CASE("client certificate: one that is missing costs no call of rpc, batch, publish and subscribe") {
    const Locked locked;
    for (const Step& handshake :
         {tls_without_certificate(locked.made), tls_1_2_without_certificate(locked.made)}) {
        Peer peer({{handshake}}, Peer::Others::repeat);
        for (std::vector<std::string> call : calls(std::to_string(peer.port()))) {
            CAPTURE(call.front());
            call.insert(call.end(), {"--cacert", locked.made.ca.string()});
            const Outcome outcome = hail::support::hail(call, "m 1\n");
            CHECK(outcome.code == 7);
            CAPTURE(outcome.err + outcome.out);
            CHECK(mentions(outcome.err + outcome.out, "wants a client certificate that it accepts"));
            CHECK_FALSE(mentions(outcome.out, "unknown"));
        }
    }
}

TEST_CASE("client certificate: one of an unknown authority is exit status 7 in every run") {
    const Locked locked;
    Peer peer({{tls_without_certificate(locked.made)}}, Peer::Others::repeat);
    const std::string other = locked.made.other_ca.string();
    for (int i = 0; i < 6; ++i) {
        const Outcome outcome = rest({https(peer), "a=1", "--cacert", locked.made.ca.string(), "--cert",
                                      other, "--key", locked.folder.path("other-ca.key")});
        CAPTURE(outcome.err);
        CHECK(outcome.code == 7);
        CHECK(mentions(outcome.err, "wants a client certificate that it accepts: unknown authority"));
    }
}

TEST_CASE("client key: its password comes from the command line, a file or the environment") {
    const Locked locked;
    const std::string file = locked.folder.file("word", "sesame\r\nsecond line\n");
    for (const std::string& password :
         {std::string("sesame"), "@" + file, std::string("env:WORD"), std::string()}) {
        Peer peer({{tls(locked.made), read_request(), reply("in")}});
        Command command = hail_command(locked.with_key({"rest", https(peer)}));
        command.environment = {{"WORD", "sesame"}};
        if (password.empty()) {
            command.environment.emplace_back("HAIL_KEY_PASSWORD", "env:WORD");
        } else {
            command.argv.insert(command.argv.end(), {"--key-password", password});
        }
        CHECK(run(command).out == "in");
    }
}

TEST_CASE("client key: without its password and a terminal every command fails at once") {
    const Locked locked;
    for (const std::vector<std::string>& call : calls("1")) {
        CAPTURE(call.front());
        Command command = hail_command(locked.with_key(call));
        command.argv.insert(command.argv.begin(), {"sh", "-c", "\"$0\" \"$@\"; echo $?; cat"});
        command.input = "m 1\nm 2\n";
        const Outcome outcome = run(command);
        CHECK(outcome.out == "64\nm 1\nm 2\n");
        CHECK(mentions(outcome.err, "locked.key is encrypted, and its password is not given"));
        CHECK(mentions(outcome.err, "--key-password @FILE, or set HAIL_KEY_PASSWORD"));
    }
}

TEST_CASE("client key: a wrong password is told before anything is sent") {
    const Locked locked;
    for (std::vector<std::string> call : calls("1")) {
        call.insert(call.end(), {"--key-password", "wrong"});
        const Outcome outcome = hail::support::hail(locked.with_key(call));
        CHECK(outcome.code == 64);
        CHECK(mentions(outcome.err, "option --key: the password does not open " + locked.key));
        CHECK_FALSE(mentions(outcome.err, "wrong"));
    }
}

TEST_CASE("client key: a dry run needs no password, and the curl line hides it") {
    const Locked locked;
    CHECK(rest(locked.with_key({"https://localhost:1/", "--dry-run"})).code == 0);
    const std::vector<std::string> line =
        locked.with_key({"https://localhost:1/", "--curl", "--key-password", "sesame"});
    const Outcome outcome = rest(line);
    CHECK(mentions(outcome.out, "--pass '***'"));
    CHECK_FALSE(mentions(outcome.out, "sesame"));
}

TEST_CASE("client certificate: a TLS connection that answered is kept for the next request") {
    const Locked locked;
    Peer peer({{tls(locked.made), read_request(), send(http_answer("", "Location: /x\r\n", "302 Found")),
                read_request(), reply("in")}});
    CHECK(rest({"-L", https(peer), "--cacert", locked.made.ca.string()}).out == "in");
    CHECK(peer.finish().size() == 2);
}
