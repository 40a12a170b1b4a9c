#include "lib/amqp/channel_name.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>

#include "lib/base/error.h"

using hail::amqp::channel_text;
using hail::amqp::parse_channel;
using hail::amqp::Place;

TEST_CASE("amqp channel: a name without a slash, or after a leading one, is a queue") {
    CHECK(parse_channel("jobs") == Place{"", "jobs"});
    CHECK(parse_channel("/jobs") == Place{"", "jobs"});
    CHECK(parse_channel("/dev/one") == Place{"", "dev/one"});
    CHECK(parse_channel("a%2Fb") == Place{"", "a%2Fb"});
}

TEST_CASE("amqp channel: the first slash ends the exchange, and only there are slashes encoded") {
    CHECK(parse_channel("logs/app.error") == Place{"logs", "app.error"});
    CHECK(parse_channel("logs/") == Place{"logs", ""});
    CHECK(parse_channel("dev%2Flogs/a/b") == Place{"dev/logs", "a/b"});
    CHECK(parse_channel("100%25%2f%41/%2F%25") == Place{"100%/%41", "%2F%25"});
    CHECK(parse_channel("MyApp.Events:OrderPlaced/#") == Place{"MyApp.Events:OrderPlaced", "#"});
}

TEST_CASE("amqp channel: one spelling of each place is written") {
    CHECK(channel_text({"", "jobs"}) == "jobs");
    CHECK(channel_text({"", "dev/one"}) == "/dev/one");
    CHECK(channel_text({"dev/logs%", "a/b%"}) == "dev%2Flogs%25/a/b%");
}

TEST_CASE("amqp channel: no queue name and names over 255 bytes are refused") {
    CHECK_THROWS_WITH_AS(parse_channel(""), "channel '': the name of a queue is empty", hail::base::Error);
    CHECK_THROWS_AS(parse_channel("/"), hail::base::Error);
    CHECK(parse_channel(std::string(255, 'q')).key.size() == 255);
    CHECK_THROWS_AS(parse_channel(std::string(256, 'q')), hail::base::Error);
    CHECK_THROWS_AS(parse_channel(std::string(256, 'e') + "/k"), hail::base::Error);
    CHECK_THROWS_AS(parse_channel("e/" + std::string(256, 'k')), hail::base::Error);
}

TEST_CASE("amqp channel: writing and parsing are inverses over random bytes") {
    std::mt19937 random(7);
    const std::string often("/%25F2f\0a", 9);
    const auto text = [&](std::size_t most) {
        std::string result(random() % (most + 1), '\0');
        for (char& c : result) {
            c = random() % 2 == 0 ? often[random() % often.size()] : static_cast<char>(random() % 256);
        }
        return result;
    };
    for (int i = 0; i < 20'000; ++i) {
        const Place place{text(6), text(6)};
        if (!place.exchange.empty() || !place.key.empty()) {
            REQUIRE(parse_channel(channel_text(place)) == place);
        }
    }
}
