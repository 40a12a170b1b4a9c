#include "lib/base/event_stream.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hail::base;

namespace {

// "type|data|id" of every event, fed in pieces of `piece` bytes.
std::vector<std::string> events(std::string_view text, std::size_t piece = 1000) {
    EventStream stream;
    std::vector<std::string> out;
    const auto add = [&](const Event& event) {
        out.push_back(event.type + "|" + event.data + "|" + event.id);
    };
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
        stream.feed(text.substr(0, piece));
        while (stream.next()) {
            add(stream.event());
        }
    }
    if (const Event* const last = stream.rest()) {
        add(*last);
    }
    return out;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("event stream: data lines are joined, comments and unknown fields dropped") {
    CHECK(events(": hi\nevent: add\ndata: 1\ndata:2\nother: x\n\n") == List{"add|1\n2|"});
    CHECK(events("data\n\ndata\ndata\n\n") == List{"||", "|\n|"});
    CHECK(events("data:  two\n\n") == List{"| two|"});
}

TEST_CASE("event stream: the id lasts until the next one, the type does not") {
    CHECK(events("event: a\nid: 7\ndata: 1\n\ndata: 2\n\nid\ndata: 3\n\n") == List{"a|1|7", "|2|7", "|3|"});
}

TEST_CASE("event stream: an event without data is dropped, but its id counts") {
    CHECK(events("event: a\nid: 1\n\ndata: x\n\n") == List{"|x|1"});
}

TEST_CASE("event stream: every line ending gives the same events, in pieces of any size") {
    const List expected{"|1\n2|", "b|3|"};
    for (std::size_t piece = 1; piece < 12; ++piece) {
        CHECK(events("\xEF\xBB\xBF"
                     "data: 1\r\ndata: 2\r\n\r\nevent: b\rdata: 3\r\r",
                     piece) == expected);
        CHECK(events("data: 1\ndata: 2\n\nevent: b\ndata: 3\n\n", piece) == expected);
    }
}

TEST_CASE("event stream: the last event may lack its empty line") {
    CHECK(events("data: 1\n\ndata: 2") == List{"|1|", "|2|"});
    CHECK(events("data: 1\n\nevent: x\n") == List{"|1|"});
}

TEST_CASE("event stream: retry is read when it is a number") {
    EventStream stream;
    stream.feed("retry: x\nretry: 1500\n\n");
    CHECK_FALSE(stream.next());
    CHECK(stream.retry() == Milliseconds(1500));
}

TEST_CASE("event stream: an event beyond the limit is cut and marked") {
    EventStream stream;
    const std::string piece(EventStream::most_bytes / 4, 'x');
    stream.feed("data: ");
    for (int i = 0; i < 5; ++i) {
        stream.feed(piece);
        CHECK_FALSE(stream.next());
    }
    stream.feed("\n\n");
    REQUIRE(stream.next());
    CHECK(stream.event().cut);
    CHECK(stream.event().data.size() <= EventStream::most_bytes);
}

TEST_CASE("event stream: the first line distinguishes it from JSON and HTML") {
    CHECK(is_event_stream("data: {}\n\n"));
    CHECK(is_event_stream(": comment\n"));
    CHECK(is_event_stream("\r\n\r\nevent: message\r\n"));
    CHECK_FALSE(is_event_stream("{\"data\": 1}"));
    CHECK_FALSE(is_event_stream("<html data: x>"));
    CHECK_FALSE(is_event_stream("database: down"));
    CHECK_FALSE(is_event_stream(""));
}

TEST_CASE("event stream: an event without an end is known to be too large before it ends") {
    EventStream stream(100);
    stream.feed("data: " + std::string(60, 'x') + "\n");
    CHECK_FALSE(stream.next());
    CHECK_FALSE(stream.is_cut());
    stream.feed("data: " + std::string(60, 'x') + "\n");
    CHECK_FALSE(stream.next());
    CHECK(stream.is_cut());
}
