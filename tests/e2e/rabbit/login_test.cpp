#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"
#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"

// Who may connect, and on which ways.

using namespace hail::support;

TEST_CASE("rabbit login: a refused login is told in the words of the broker, with exit status 1") {
    const RabbitServer server;
    const std::string host = "localhost:" + std::to_string(server.port());
    const std::vector<std::pair<std::string, std::string>> cases{
        {"amqp://guest:wrong@" + host, "Login was refused using authentication mechanism PLAIN"},
        {"amqp://nobody:guest@" + host, "Login was refused using authentication mechanism PLAIN"},
        {"amqp://guest:guest@" + host + "/nope", "vhost nope not found"},
        {"amqp://ada:secret@" + host + "/dev%2Fone", "access to vhost 'dev/one' refused for user 'ada'"},
        {"amqp://guest:guest@" + host + "/full", "connection limit (0) is reached"},
        {"amqp://crowd:secret@" + host, "user connection limit (0) is reached"}};
    for (const auto& one : cases) {
        const std::string& address = one.first;
        const std::string& why = one.second;
        CAPTURE(address);
        const Outcome sent = rabbit_hail({"publish", address, "jobs", "m"});
        CHECK(sent.code == 1);
        CHECK_MESSAGE(mentions(sent.err, why), sent.err);
        CHECK_FALSE(mentions(sent.err, "secret"));
        const Outcome got = rabbit_hail({"subscribe", address, "jobs"});
        CHECK(got.code == 1);
        CHECK_MESSAGE(mentions(got.err, why), got.err);
    }
}

TEST_CASE("rabbit login: a vhost with a slash, and the login of guest without a user") {
    const RabbitServer server;
    const std::string host = "localhost:" + std::to_string(server.port());
    const RabbitQueue queue(server, "vhosts", RabbitQueue::undeclared);
    for (const std::string& address : {"amqp://guest:guest@" + host + "/dev%2Fone?heartbeat=10",
                                       "amqp://" + host, "amqp://" + host + "/", "amqp://" + host + "/%2F"}) {
        CAPTURE(address);
        CHECK(rabbit_hail({"publish", address, queue, "--declare", "m"}).code == 0);
        CHECK(rabbit_hail({"subscribe", address, queue, "--count", "1"}).out == "m\n");
    }
    server.api("DELETE", "queues/dev%2Fone/" + queue);
}

TEST_CASE("rabbit login: without the authority's certificate, TLS is exit status 7") {
    const RabbitServer server;
    const Outcome strange = rabbit_hail({"publish", server.tls_address(), "jobs", "m"});
    CHECK(strange.code == 7);
    const Outcome other = rabbit_hail(
        {"subscribe", server.tls_address(), "jobs", "--cacert", server.certificates().other_ca.string()});
    CHECK(other.code == 7);
}

TEST_CASE("rabbit login: with a user, a client certificate is only for TLS") {
    const RabbitServer server;
    const Outcome nobody =
        rabbit_hail({"publish", server.tls_address("nobody:x"), "jobs", "m", "--cacert",
                     server.certificates().ca.string(), "--cert", server.certificates().client.string(),
                     "--key", server.certificates().client_key.string()});
    CHECK(nobody.code == 1);
    CHECK_MESSAGE(mentions(nobody.err, "using authentication mechanism PLAIN"), nobody.err);
}

TEST_CASE("rabbit login: the wrong port and the wrong protocol are exit status 7 or 9, never a hang") {
    const RabbitServer server;
    const Outcome plain_to_tls =
        rabbit_hail({"publish", "amqp://localhost:" + std::to_string(server.tls_port()), "jobs", "m"});
    CHECK((plain_to_tls.code == 7 || plain_to_tls.code == 9));
    const Outcome tls_to_plain =
        rabbit_hail({"publish", "amqps://localhost:" + std::to_string(server.port()), "jobs", "m"});
    CHECK(tls_to_plain.code == 7);
    Peer web({{read_until("AMQP"), send("HTTP/1.1 400 Bad Request\r\n\r\n")}}, Peer::Others::repeat);
    const Outcome http = rabbit_hail({"publish", "amqp://" + web.address(""), "jobs", "m"});
    CHECK(http.code == 9);
    CHECK_MESSAGE(mentions(http.err, "HTTP"), http.err);
}

TEST_CASE("rabbit login: a password with every kind of character, from each place that has one") {
    const RabbitServer server;
    const RabbitUser user(server);
    const std::string password = "p@ss:w/rd \xc3\xbc%\"";
    server.api("PUT", "users/" + user.name(),
               R"({"password":"p@ss:w/rd )"
               "\xc3\xbc"
               R"(%\"","tags":""})");
    const std::string address = "amqp://" + user + "@localhost:" + std::to_string(server.port());
    const TemporaryDirectory folder;
    const std::string file = folder.file("password", password + "\n");
    CHECK(rabbit_hail(
              {"publish", address, "amq.topic/none", "m", "--allow-unroutable", "--password-file", file})
              .code == 0);
    Command command = rabbit_command({"publish", address, "amq.topic/none", "m", "--allow-unroutable"});
    command.environment = {{"HAIL_PASSWORD", password}};
    CHECK(run(command).code == 0);
}
