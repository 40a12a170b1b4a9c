#include "lib/redis/stream_replies.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/redis/stream_commands.h"

using namespace hail;
using redis::StreamId;
using redis::StreamReply;

namespace {

class Events : public redis::StreamSink {
  public:
    void entry(const redis::StreamEntry& entry) override {
        text += std::string(entry.key) + " " + entry.id.text() + (entry.deleted ? " deleted" : "");
        for (const auto& [name, value] : entry.fields) {
            text += " " + std::string(name) + "=" + std::string(value);
        }
        text += ";";
    }
    void idle(std::string_view cursor, std::vector<StreamId> ids, std::vector<StreamId> deleted) override {
        text += "cursor " + std::string(cursor) + " ids";
        for (const StreamId& id : ids) {
            text += " " + id.text();
        }
        text += " deleted";
        for (const StreamId& id : deleted) {
            text += " " + id.text();
        }
        text += ";";
    }
    void pending(const redis::PendingEntry& entry) override {
        text += entry.id.text() + " x" + std::to_string(entry.deliveries) + ";";
    }
    void info(const redis::StreamInfo& got) override { known = got; }
    void end(StreamReply) override { text += "end"; }
    void error(StreamReply, std::string_view what) override { text += "error " + std::string(what); }

    std::string text;
    redis::StreamInfo known;
};

// Writes a reply as in "[[s [[1-0 [a 1]]]]]": lists, words, :5 for numbers, nil.
std::string reply(std::string_view text) {
    std::string bytes;
    std::vector<std::pair<std::size_t, int>> open;
    const auto count = [&] {
        if (!open.empty()) {
            ++open.back().second;
        }
    };
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '[') {
            count();
            open.emplace_back(bytes.size(), 0);
            ++at;
        } else if (text[at] == ']') {
            bytes.insert(open.back().first, "*" + std::to_string(open.back().second) + "\r\n");
            open.pop_back();
            ++at;
        } else if (text[at] == ' ') {
            ++at;
        } else {
            const std::string word(text.substr(at, text.find_first_of(" []", at) - at));
            count();
            bytes += word == "nil"         ? "$-1\r\n"
                     : word.front() == ':' ? word + "\r\n"
                                           : "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
            at += word.size();
        }
    }
    return bytes;
}

// The events, or why the bytes were refused.
std::string events(StreamReply kind, const std::string& bytes) {
    Events sink;
    redis::StreamReplies replies("here", sink);
    replies.expect(kind);
    redis::ReplyReader reader(replies);
    try {
        reader.feed(bytes);
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_reply);
        return error.what();
    }
    return sink.text;
}

bool refuses(StreamReply kind, const std::string& text) {
    return events(kind, reply(text)).starts_with("reading a stream of here: the server sent ");
}

}  // namespace

TEST_CASE("stream replies: a reading hands over each entry with its stream and all fields") {
    CHECK(events(StreamReply::read,
                 reply("[[s [[1-0 [a 1 b 2]] [2-7 [payload x]]]] [t [[5-5 [payload y]]]]]")) ==
          "s 1-0 a=1 b=2;s 2-7 payload=x;t 5-5 payload=y;end");
    CHECK(events(StreamReply::read, "*-1\r\n") == "end");
    CHECK(events(StreamReply::read, reply("[[s []]]")) == "end");
}

TEST_CASE("stream replies: entries that were deleted while they were pending") {
    CHECK(events(StreamReply::claimed, reply("[[1-0 [a 1]] nil [3-0 nil]]")) == " 1-0 a=1; 3-0 deleted;end");
    CHECK(events(StreamReply::idle, reply("[0-0 [1-0 2-0] [3-0]]")) ==
          "cursor 0-0 ids 1-0 2-0 deleted 3-0;end");
    CHECK(events(StreamReply::idle, reply("[7-0 [] [3-0]]")) == "cursor 7-0 ids deleted 3-0;end");
    CHECK(events(StreamReply::idle, reply("[0-0 [1-0]]")) == "cursor 0-0 ids 1-0 deleted;end");
}

TEST_CASE("stream replies: pending entries tell how often they were delivered") {
    CHECK(events(StreamReply::pending, reply("[[1-0 c :500 :3] [2-0 c :1 :1]]")) == "1-0 x3;2-0 x1;end");
    CHECK(events(StreamReply::pending, reply("[]")) == "end");
}

TEST_CASE("stream replies: a reply of another shape breaks the protocol") {
    for (const char* text :
         {"word", ":1", "[s]", "[[s]]", "[[s x]]", "[[s [x]]]", "[[s [[x [a 1]]]]]", "[[s [[1-0 [a]]]]]",
          "[[s [[1-0 []]]]]", "[[s [[1-0 [a :1]]]]]", "[[s [[1-0 [a [b]]]]]]", "[[:1 [[1-0 [a 1]]]]]"}) {
        CAPTURE(text);
        CHECK(refuses(StreamReply::read, text));
    }
    for (const char* text : {"nil", "[1-0]", "[[1-0 c :1]]", "[[1-0 c :1 x]]", "[[1-0 :1 :1 :1]]"}) {
        CAPTURE(text);
        CHECK(refuses(StreamReply::pending, text));
    }
    for (const char* text : {"[]", "[0-0]", "[x []]", "[0-0 x]", "[0-0 [x]]", "[0-0 [[1-0]]]"}) {
        CAPTURE(text);
        CHECK(refuses(StreamReply::idle, text));
    }
    CHECK(refuses(StreamReply::number, "word"));
    CHECK(refuses(StreamReply::status, ":1"));
    CHECK(refuses(StreamReply::info, "[length]"));
    CHECK(refuses(StreamReply::info, "[length x]"));
    CHECK(refuses(StreamReply::info, "[groups [[[a] b]]]"));
}

TEST_CASE("stream replies: an answer to nothing that was asked breaks the protocol") {
    CHECK(events(StreamReply::number, ":1\r\n:1\r\n").ends_with("an answer to nothing that was asked"));
}

TEST_CASE("stream replies: a stream and its groups, with unknown members skipped") {
    Events sink;
    redis::StreamReplies replies("here", sink);
    replies.expect(StreamReply::info);
    redis::ReplyReader reader(replies);
    reader.feed(
        reply("[length :2 new [[x] y] last-generated-id 9-0 max-deleted-entry-id 3-0 entries-added :5 "
              "entries [[7-0 [a 1]]] groups [[name g last-delivered-id 4-0 entries-read :3 consumers [[name "
              "c]]] [name h last-delivered-id 0-0 entries-read nil]]]"));
    CHECK(sink.known.length == 2);
    CHECK(sink.known.last == StreamId{9, 0});
    CHECK(sink.known.first == StreamId{7, 0});
    CHECK(sink.known.added == 5);
    REQUIRE(sink.known.groups.size() == 2);
    CHECK(sink.known.groups[0].name == "g");
    CHECK(sink.known.groups[0].delivered == StreamId{4, 0});
    CHECK(sink.known.groups[0].read == 3);
    CHECK_FALSE(sink.known.groups[1].read.has_value());
}

TEST_CASE("stream replies: entries that were removed after a place are counted") {
    redis::StreamInfo info{.length = 2, .last = {9, 0}, .first = StreamId{7, 0}, .added = 9};
    CHECK(redis::lost_after(info, {4, 0}, 4)->count == 3);
    CHECK_FALSE(redis::lost_after(info, {6, 0}, 7).has_value());
    CHECK_FALSE(redis::lost_after(info, {7, 0}, 1).has_value());
    CHECK_FALSE(redis::lost_after(info, {4, 0}, std::nullopt).has_value());
    info.last_deleted = {6, 0};
    CHECK_FALSE(redis::lost_after(info, {4, 0}, std::nullopt)->count.has_value());
    info.first.reset();
    info.length = 0;
    CHECK(redis::lost_after(info, {4, 0}, 4)->count == 5);
    CHECK_FALSE(redis::lost_after(info, {9, 0}, 4).has_value());
    info.added.reset();  // a server before Redis 7
    CHECK_FALSE(redis::lost_after(info, {4, 0}, 4).has_value());
}

TEST_CASE("stream ids: two numbers, the second of which may be missing") {
    CHECK(redis::parse_stream_id("12-3") == StreamId{12, 3});
    CHECK(redis::parse_stream_id("12") == StreamId{12, 0});
    CHECK(StreamId{12, 3}.text() == "12-3");
    for (const char* text : {"", "-", "1-", "-1", "a", "1-a", "1-2-3", "+1", "18446744073709551616"}) {
        CAPTURE(text);
        CHECK_FALSE(redis::parse_stream_id(text).has_value());
    }
}

TEST_CASE("stream commands: words in the order that Redis expects") {
    const redis::Consumer me{.group = "g", .name = "c"};
    const auto words = [](const std::vector<std::string>& list) { return redis::encode(list); };
    CHECK(redis::xread({{"s", "1-0"}, {"t", "0-0"}}, {.count = 5}) ==
          words({"XREAD", "COUNT", "5", "STREAMS", "s", "t", "1-0", "0-0"}));
    CHECK(redis::xreadgroup(me, {"s"}, {.count = 5, .block = std::chrono::milliseconds(9)}) ==
          words({"XREADGROUP", "GROUP", "g", "c", "COUNT", "5", "BLOCK", "9", "STREAMS", "s", ">"}));
    CHECK(redis::xgroup_create("s", "g", "$") == words({"XGROUP", "CREATE", "s", "g", "$", "MKSTREAM"}));
    const std::vector<StreamId> ids{{1, 0}, {2, 5}};
    CHECK(redis::xack("s", "g", ids) == words({"XACK", "s", "g", "1-0", "2-5"}));
    CHECK(redis::xclaim("s", me, ids) == words({"XCLAIM", "s", "g", "c", "0", "1-0", "2-5"}));
    CHECK(redis::xautoclaim("s", me, std::chrono::milliseconds(7), "0-0", 3) ==
          words({"XAUTOCLAIM", "s", "g", "c", "7", "0-0", "COUNT", "3", "JUSTID"}));
    CHECK(redis::xpending_after("s", me, {1, 2}, 3) == words({"XPENDING", "s", "g", "(1-2", "+", "3", "c"}));
    net::OutBlocks out;
    const std::vector<std::pair<std::string_view, std::string_view>> fields{{"payload", "x"}, {"a", ""}};
    redis::append_xadd(out, "s", "*", {.most = 10}, fields);
    CHECK(out.front() == words({"XADD", "s", "MAXLEN", "~", "10", "*", "payload", "x", "a", ""}));
}
