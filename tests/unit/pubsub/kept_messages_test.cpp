#include "lib/pubsub/kept_messages.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using hail::pubsub::Field;
using hail::pubsub::KeptMessages;

TEST_CASE("kept messages: all texts of a message count, until it is answered") {
    const std::string large(100'000, 'x');
    const std::vector<Field> fields{{"name", large}};
    KeptMessages kept;
    kept.keep({.channel = "q", .payload = large, .fields = fields, .properties = fields}, 7);
    CHECK(kept.bytes() > 3 * large.size());
    kept.sent();
    kept.answered(7);
    CHECK(kept.bytes() == 0);
}

TEST_CASE("kept messages: one that comes in pieces is kept when it is whole") {
    KeptMessages kept;
    kept.keep({.channel = "q", .payload = "a", .more = true}, 1);
    kept.keep({.channel = "q", .payload = "b", .more = true}, 1);
    CHECK(kept.empty());
    kept.keep({.channel = "q", .payload = "c"}, 1);
    kept.keep({.channel = "q", .payload = "next"}, 2);
    CHECK(kept.size() == 2);
    CHECK(kept.waiting().first.payload == "abc");
    kept.sent();
    CHECK(kept.waiting().first.payload == "next");
}

TEST_CASE("kept messages: answers in any order leave those that are to be sent again, in their order") {
    KeptMessages kept;
    for (std::uint64_t tag = 1; tag <= 5; ++tag) {
        kept.keep({.channel = "q", .payload = std::to_string(tag)}, tag);
        kept.sent();
    }
    CHECK_FALSE(kept.answered(4));
    CHECK_FALSE(kept.answered(1));
    CHECK_FALSE(kept.answered(2));
    kept.send_again(1);
    CHECK(kept.size() == 2);
    CHECK(kept.maybe_published() == 1);
    CHECK(kept.first_tag() == 3);
    CHECK(kept.waiting().second == 3);
    kept.sent();
    CHECK(kept.waiting().second == 5);
    kept.sent();
    CHECK_FALSE(kept.any_waiting());
    CHECK_FALSE(kept.answered(5));
    CHECK(kept.answered(3));  // which may have been published before
    CHECK(kept.empty());
    CHECK(kept.bytes() == 0);
}
