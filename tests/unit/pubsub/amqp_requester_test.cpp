#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "lib/pubsub/request.h"
#include "tests/support/amqp_frames.h"
#include "tests/support/process.h"

using namespace hail;
using base::Exit;
using support::Connection;
using support::Peer;
namespace peer = hail::support::amqp;

namespace {

// The correlation id of a request: 16 digits, a dash and its number, before the queue of the answers.
std::string id_in(const std::string& head) {
    constexpr std::size_t length = 18;
    const std::size_t queue = head.find(peer::short_text("amq.rabbitmq.reply-to"));
    return queue == head.npos || queue < length ? "" : head.substr(queue - length, length);
}

std::string read_request(Connection& connection) {
    std::string text;
    connection.read_until("question\xCE", text);
    return id_in(text);
}

std::string deliver_head(std::uint64_t size, const std::string& id, const std::string& table = {}) {
    const std::string flags = peer::u16(table.empty() ? 0x0400 : 0x2400);
    const std::string headers = table.empty() ? "" : peer::long_text(table);
    return peer::deliver("ctag", 1, "", "amq.rabbitmq.reply-to.x") +
           peer::header(size, flags + headers + peer::short_text(id));
}

// The frames after a request, given its correlation id.
using Answer = std::function<std::string(const std::string& id)>;

struct Asked {
    std::string answer{};
    Exit exit = Exit::ok;
    std::string fault{};
};

Asked ask(const Answer& answer) {
    const Peer server({{peer::log_in(), peer::read_frames(3),
                        support::send(peer::channel_open_ok() + peer::select_ok() + peer::consume_ok("ctag")),
                        [answer](Connection& connection) {
                            const std::string id = read_request(connection);
                            connection.send(peer::ack(1) + answer(id));
                        },
                        support::stall()}});
    const base::Stop stop;
    pubsub::Broker broker = peer::broker_of(server);
    broker.connect.timeout = base::Milliseconds(20'000);
    try {
        const auto requester = pubsub::open_requester(broker, {}, stop, [](const std::string&) {});
        return {requester->ask({.channel = "q", .payload = "question"})};
    } catch (const base::Error& error) {
        return {{}, error.exit(), error.what()};
    }
}

}  // namespace

TEST_CASE("amqp requester: the answer with the id of the request is returned, whole") {
    const Asked asked = ask([](const std::string& id) {
        return deliver_head(3, "other") + peer::body("not") + deliver_head(6, id) + peer::body("ans") +
               peer::body("wer");
    });
    CHECK_MESSAGE(asked.answer == "answer", asked.fault);
}

TEST_CASE("amqp requester: an answer with the header of a failure is a refusal") {
    const std::string table = peer::short_text("hail-status") + "S" + peer::long_text("error");
    const Asked asked =
        ask([&](const std::string& id) { return deliver_head(4, id, table) + peer::body("oops"); });
    CHECK(asked.exit == Exit::refused);
    CHECK(asked.fault == "asking 'q': the service failed: oops");
}

TEST_CASE("amqp requester: an answer of more than 512 MiB is refused before its first byte") {
    constexpr std::uint64_t most = 512UL << 20U;
    const Asked asked = ask([](const std::string& id) { return deliver_head(most + 1, id); });
    CHECK(asked.exit == Exit::bad_reply);
    CHECK(asked.fault == "the broker sent an answer of 536870913 bytes, and hail takes at most 512 MiB");
}
