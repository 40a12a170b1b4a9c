// A publisher that nothing holds back, and the default limits of the server's output buffers.

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

constexpr hail::base::Milliseconds long_run(60'000);

// Together more than Redis keeps for a subscriber.
constexpr int count = 50'000;

std::string lines() {
    std::string text;
    const std::string rest = " " + std::string(900, 'x') + "\n";
    for (int number = 1; number <= count; ++number) {
        text += std::to_string(number) + rest;
    }
    return text;
}

// The subscriber comes first where the machine has more to do than it can: a reader that is not run cannot
// keep up with anybody.
void publish_at_once(const RedisServer& server, const std::string& file) {
    Command command = hail_command({"publish", server.socket_address(), "c", "--window", "10000"});
    command.argv.insert(command.argv.begin(), {"nice", "-n", "5"});
    command.input_file = file;
    command.limit = long_run;
    REQUIRE(::setpriority(PRIO_PROCESS, static_cast<id_t>(server.pid()), 5) == 0);
    REQUIRE(run(command).code == 0);
}

}  // namespace

TEST_CASE("subscribe: an unthrottled publisher does not outrun it, three times in a row") {
    const RedisServer server;
    const TemporaryDirectory folder;
    const std::string all = lines();
    const std::string file = folder.file("lines", all);
    for (int round = 0; round < 3; ++round) {
        const std::string out = folder.path("out" + std::to_string(round));
        Command command =
            hail_command({"subscribe", server.address(), "c", "--count", std::to_string(count), "-o", out});
        command.limit = long_run;
        Process subscriber(command);
        REQUIRE(mentions(subscriber.read_error_line().value_or(""), "subscribed"));
        publish_at_once(server, file);
        const Outcome end = subscriber.wait();
        CHECK(end.code == 0);
        CHECK(end.err.empty());
        CHECK((read_file(out) == all));
    }
}

TEST_CASE("subscribe: over TLS an unthrottled publisher does not outrun it, or the loss is told") {
    // Redis 7.0 closes a TLS connection after a write of several replies that was blocked ("bad length"),
    // which the subscriber cannot prevent on a busy machine.
    const TemporaryDirectory folder;
    const RedisServer server({.certificates = make_certificates(folder.path())});
    const std::string all = lines();
    const std::string file = folder.file("lines", all);
    const std::string out = folder.path("out");
    Command command =
        hail_command({"subscribe", server.tls_address(), "c", "--cacert", (folder.path("ca.pem")),
                      "--no-reconnect", "--count", std::to_string(count), "-o", out});
    command.limit = long_run;
    Process subscriber(command);
    REQUIRE(mentions(subscriber.read_error_line().value_or(""), "subscribed"));
    publish_at_once(server, file);
    const Outcome end = subscriber.wait();
    if (end.code == 0) {
        CHECK((read_file(out) == all));
    } else {
        CHECK(end.code == 8);
        CHECK(mentions(end.err, "the server closed the connection"));
        CHECK(mentions(end.err, "client-output-buffer-limit"));
    }
}

TEST_CASE("subscribe: a message of 40 MB that the limit of the server swallows is reported") {
    const RedisServer server;
    const TemporaryDirectory folder;
    Process subscriber(
        hail_command({"subscribe", server.address(), "c", "--json", "--events", "--count", "1"}));
    REQUIRE(mentions(subscriber.read_error_line().value_or(""), "subscribed"));
    const Outcome sent =
        run({.argv = hail_command({"publish", server.address(), "c", "--whole", "--receivers"}).argv,
             .input_file = folder.file("payload", std::string(40'000'000, 'x'))});
    CHECK(sent.code == 0);
    CHECK(sent.out == "1\n");  // the server counts a receiver that it then cuts
    const std::string told = subscriber.read_error_line().value_or("");
    CHECK(mentions(told, "messages may have been lost"));
    CHECK(mentions(told, "client-output-buffer-limit"));
    CHECK(mentions(subscriber.read_error_line().value_or(""), "connected again"));
    server.publish("c", "small");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out.starts_with(R"({"event":"gap")"));
    CHECK(mentions(end.out, R"("payload":"small")"));
}
