#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// A server of the test's own, which is stopped, started and short of memory.

using namespace hail::support;

namespace {

// Reads lines of stderr up to one that has this text.
std::string error_line_with(Process& process, const std::string& text) {
    while (const auto line = process.read_error_line()) {
        if (mentions(*line, text)) {
            return *line;
        }
    }
    return "no line with: " + text;
}

}  // namespace

TEST_CASE("rabbit restart: a stopped server loses no persistent message, and an alarm is waited out") {
    if (!RabbitServer::is_installed()) {
        MESSAGE("rabbitmq-server is not installed: its test is left out");
        return;
    }
    RabbitServer server(RabbitServer::Whose::own);
    server.declare_queue("kept");
    server.declare_queue("followed");
    CHECK(rabbit_hail({"publish", server.address(), "kept"}, "1\n2\n3\n").code == 0);
    RabbitListener follower({server.address(), "followed", "--count", "1"});
    RabbitListener strict({server.address(), "followed", "--no-reconnect"});
    server.stop();
    const Outcome ended = strict.process.wait();
    CHECK(ended.code == 8);
    CHECK_MESSAGE(mentions(ended.err, "shutdown"), ended.err);
    CHECK(rabbit_hail({"publish", server.address(), "kept", "m"}).code == 7);

    Process waiting(
        rabbit_command({"publish", server.address(), "followed", "after", "--wait-server", "120s"}));
    server.start();
    CHECK(waiting.wait().code == 0);
    const Outcome followed = follower.process.wait();
    CHECK(followed.code == 0);
    CHECK(followed.out == "after\n");
    CHECK(rabbit_hail({"subscribe", server.address(), "kept", "--count", "3"}).out == "1\n2\n3\n");

    server.control({"set_vm_memory_high_watermark", "0.000001"});
    Process blocked(rabbit_command({"publish", server.address(), "kept", "waits"}));
    CHECK(mentions(error_line_with(blocked, "low on memory"), "hail: "));
    const Outcome late = rabbit_hail({"publish", server.address(), "kept", "late", "--timeout", "1s"});
    CHECK(late.code == 8);  // it went out
    CHECK_MESSAGE(mentions(late.err, "the time limit passed"), late.err);
    server.control({"set_vm_memory_high_watermark", "0.4"});
    CHECK(blocked.wait().code == 0);
    CHECK(mentions(server.take("kept", 5), R"("payload":"waits")"));
}
