#include "lib/pubsub/envelope.h"

#include <doctest/doctest.h>

#include <string>

using namespace hail;
using pubsub::read_envelope;
using pubsub::write_envelope;

TEST_CASE("envelope: reading gives back the parts that were written, whatever the payload") {
    for (const std::string& payload : {std::string(), std::string("text"), std::string("\n\n: \0\xff", 6)}) {
        const std::string message =
            write_envelope({.reply_to = "hail.reply.1", .correlation_id = "1-2", .payload = payload});
        const auto envelope = read_envelope(message);
        REQUIRE(envelope.has_value());
        CHECK(envelope->reply_to == "hail.reply.1");
        CHECK(envelope->correlation_id == "1-2");
        CHECK_FALSE(envelope->failed);
        CHECK(envelope->payload == payload);
    }
    const std::string failure = write_envelope({.correlation_id = "7", .failed = true, .payload = "exit 3"});
    CHECK(failure == "hail-message: 1\ncorrelation-id: 7\nstatus: error\n\nexit 3");
    CHECK(read_envelope(failure)->failed);
}

TEST_CASE("envelope: headers that it does not know are skipped") {
    const auto envelope = read_envelope("hail-message: 1\nlater: yes\nreply-to: a\n\nx");
    REQUIRE(envelope.has_value());
    CHECK(envelope->reply_to == "a");
    CHECK(envelope->payload == "x");
}

TEST_CASE("envelope: other bytes are a plain payload") {
    for (const std::string message :
         {"", "x", "hail-message: 1", "hail-message: 1\n", "hail-message: 1\nreply-to: a\n",
          "hail-message: 2\n\nx", "hail-message: 1\nno colon\n\nx", "reply-to: a\n\nx"}) {
        CAPTURE(message);
        CHECK_FALSE(read_envelope(message).has_value());
    }
    CHECK_FALSE(
        read_envelope("hail-message: 1\n" + std::string(100'000, 'a') + ": b\nc: d\n\nx").has_value());
}
