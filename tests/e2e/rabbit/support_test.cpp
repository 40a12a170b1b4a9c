#include <doctest/doctest.h>

#include <string>

#include "tests/support/rabbit_server.h"

using namespace hail::support;

TEST_CASE("rabbit server: it is shared, and has an API and a name for each test") {
    if (!RabbitServer::is_installed()) {
        MESSAGE("rabbitmq-server is not installed: its test is left out");
        return;
    }
    const RabbitServer server;
    const RabbitServer same;
    CHECK(server.pid() == same.pid());
    const std::string queue = RabbitServer::name("jobs");
    server.declare_queue(queue);
    server.publish(queue, "one");
    CHECK(mentions(server.take(queue, 5), R"("payload":"one")"));
    CHECK(server.take(queue, 5) == "[]");
    server.delete_queue(queue);
    CHECK(RabbitServer::name("jobs") != queue);
}
