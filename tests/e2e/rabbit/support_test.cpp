#include <doctest/doctest.h>

#include <string>

#include "tests/support/rabbit_server.h"

using namespace hail::support;

TEST_CASE("rabbit server: it is shared, and has an API and a name for each test") {
    const RabbitServer server;
    const RabbitServer same;
    CHECK(server.pid() == same.pid());
    const RabbitQueue queue(server, "jobs");
    server.publish(queue, "one");
    CHECK(mentions(server.take(queue, 5), R"("payload":"one")"));
    CHECK(server.take(queue, 5) == "[]");
    CHECK(RabbitServer::name("jobs") != queue.name());
}
