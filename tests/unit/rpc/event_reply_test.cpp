#include "lib/rpc/event_reply.h"

#include <doctest/doctest.h>

#include <string>

using namespace hail::rpc;

TEST_CASE("event reply: it is known as soon as its event has ended, however the bytes are cut") {
    const std::string before =
        "data: {\"method\":\"log\"}\n\n: beat\ndata: {\"id\":7,\ndata: \"result\":1}\n";
    EventReply events("7");
    for (const char c : before) {
        events.feed({&c, 1});
        CHECK_FALSE(events.is_answered());
    }
    events.feed("\n");
    CHECK(events.is_answered());
    events.feed("data: {\"id\":7,\"error\":1}\n\nrubbish");
    CHECK(events.take_others() == std::vector<std::string>{"{\"method\":\"log\"}"});
    CHECK(events.finish().result == "1");
}

TEST_CASE("event reply: a reply to another request does not answer") {
    EventReply events("7");
    events.feed("data: {\"id\":8,\"result\":1}\n\n");
    CHECK_FALSE(events.is_answered());
    events.feed("data: {\"id\":7,\"result\":2}\n\n");
    CHECK(events.finish().result == "2");
}

TEST_CASE("event reply: a stream without a reply is a problem") {
    EventReply events("7");
    events.feed(": nothing\n\n");
    CHECK(events.finish().problem == "the event stream has no reply");
}

TEST_CASE("event reply: an event above the limit is noticed before it ends") {
    EventReply events("7", 100);
    events.feed("data: " + std::string(90, 'x'));
    CHECK_FALSE(events.is_too_large());
    events.feed(std::string(20, 'x'));
    CHECK(events.is_too_large());
}
