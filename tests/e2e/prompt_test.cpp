#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/tls.h"

// Passwords that are asked for on the terminal, whatever stdin is.

using namespace hail::support;

namespace {

// A shell whose terminal echoes and turns ^C into a signal, as terminals do by default. It gives hail another
// stdin, and tells how hail ended and whether the terminal echoes again.
Command at_terminal(std::vector<std::string> arguments) {
    Command command = hail_command(std::move(arguments));
    command.argv.insert(
        command.argv.begin(),
        {"sh", "-c",
         "trap : INT QUIT; stty echo isig icanon icrnl; "
         "printf 'stays in the pipe' | { trap : INT QUIT; \"$0\" \"$@\"; echo \" ended $?\"; cat; }; "
         "stty -a | grep -o ' -*echo '"});
    command.terminal = Command::Terminal::all;
    return command;
}

}  // namespace

TEST_CASE("prompt: --user without a password asks for it, without an echo") {
    Peer peer({{read_request(), reply("in")}});
    Process process(at_terminal({"rest", peer.address("/"), "-u", "ann", "-b"}));
    CHECK(process.read_until(": ") == "Password for ann: ");
    process.write("one\n");
    const std::string seen = process.wait().out;
    CHECK(mentions(seen, "in"));
    CHECK(mentions(seen, " ended 0\nstays in the pipe echo"));
    CHECK_FALSE(mentions(seen, "one"));
    CHECK(peer.finish().at(0).header("Authorization") == "Basic YW5uOm9uZQ==");
}

TEST_CASE("prompt: a signal gives the terminal its echo back") {
    const std::vector<std::pair<std::string, std::string>> keys{{"\x03", "130"}, {"\x1c", "131"}};
    for (const auto& [key, end] : keys) {
        Process process(at_terminal({"publish", "localhost:1", "c", "m", "-u", "ann"}));
        process.read_until("Password for ann: ");
        process.write("half" + key);
        const std::string seen = process.wait().out;
        CAPTURE(seen);
        CHECK(mentions(seen, " ended " + end + "\nstays in the pipe echo"));
        CHECK_FALSE(mentions(seen, "half"));
    }
}

TEST_CASE("prompt: the password of a key is asked for on the terminal, and nowhere else") {
    const TemporaryDirectory folder;
    const Certificates made = make_certificates(folder.path());
    const std::string key = folder.path("locked.key");
    run({.argv = {"openssl", "pkcs8", "-topk8", "-in", made.client_key.string(), "-out", key, "-passout",
                  "pass:sesame"}});
    Peer peer({{tls(made), read_request(), reply("in")}});
    Process process(at_terminal({"rest", "https://localhost:" + std::to_string(peer.port()), "-b", "--cacert",
                                 made.ca.string(), "--cert", made.client.string(), "--key", key}));
    CHECK(mentions(process.read_until(": "), "Password of the key " + key));
    process.write("sesame\n");
    const std::string seen = process.wait().out;
    CAPTURE(seen);
    CHECK(mentions(seen, "in\n ended 0\nstays in the pipe echo"));
}

TEST_CASE("prompt: nobody is asked without a terminal") {
    const Outcome outcome = rest({"localhost:1", "-u", "ann"}, "not the password\n");
    CHECK(outcome.code == 64);
    CHECK(mentions(outcome.err, "option --user: no password for ann"));
}
