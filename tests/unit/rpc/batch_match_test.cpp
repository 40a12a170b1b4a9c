#include "lib/rpc/batch_match.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hail::rpc;

namespace {

// The slots as text: "1 !{…} ?" is a result 1, an error and a missing reply.
std::string shown(const std::vector<Slot>& slots) {
    std::string text;
    for (const Slot& slot : slots) {
        text += text.empty() ? "" : " ";
        text += slot.state == Slot::State::missing ? "?" : slot.state == Slot::State::error ? "!" : "";
        text += slot.value;
    }
    return text;
}

// The slots point into the reply's bytes, which stay in place when this is moved.
struct Matched {
    std::vector<char> bytes;
    BatchReply reply;
    std::vector<Slot> slots;
};

Matched match(std::string_view text, std::size_t calls = 3, std::size_t notifications = 0,
              Completeness completeness = Completeness::whole) {
    Matched matched;
    matched.bytes.assign(text.begin(), text.end());
    matched.slots.resize(calls);
    const SentBatch sent{.first_id = 1,
                         .notifications = notifications,
                         .framing = calls + notifications > 1 ? Framing::array : Framing::single};
    matched.reply =
        match_batch({matched.bytes.data(), matched.bytes.size()}, completeness, sent, matched.slots);
    return matched;
}

std::string ok(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::to_string(id * 10) + "}";
}

const std::string null_error =
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}})";

}  // namespace

TEST_CASE("batch match: replies in any order find their calls") {
    const Matched matched = match("[" + ok(3) + "," + ok(1) + " , " + ok(2) + "]\n");
    CHECK(shown(matched.slots) == "10 20 30");
    CHECK(matched.slots[2].arrival == 1);
    CHECK(matched.slots[1].arrival == 3);
    CHECK(matched.reply.quirks.empty());
    CHECK(matched.reply.problem.empty());
}

TEST_CASE("batch match: a missing reply leaves its slot open") {
    const Matched matched = match("[" + ok(1) + "," + ok(3) + "]");
    CHECK(shown(matched.slots) == "10 ? 30");
}

TEST_CASE("batch match: the first of two replies to one call counts") {
    const Matched matched =
        match("[" + ok(1) + R"(,{"jsonrpc":"2.0","id":1,"result":"late"},)" + ok(2) + "," + ok(3) + "]");
    CHECK(shown(matched.slots) == "10 20 30");
    CHECK(matched.reply.duplicates == 1);
    CHECK(matched.slots[0].duplicated);
}

TEST_CASE("batch match: ids as strings or fractions are accepted and noted") {
    const Matched matched =
        match(R"([{"jsonrpc":"2.0","id":"2","result":2},{"jsonrpc":"2.0","id":1.0,"result":1},)"
              R"({"jsonrpc":"2.0","id":3,"result":3}])");
    CHECK(shown(matched.slots) == "1 2 3");
    CHECK(matched.reply.quirks.has(Quirk::id_as_string));
    CHECK(matched.reply.quirks.has(Quirk::id_number_form));
}

TEST_CASE("batch match: replies to unknown ids are strays") {
    const Matched matched = match("[" + ok(1) + "," + ok(9) + "," + ok(0) + R"(,5,{"id":"x","result":1}])");
    CHECK(shown(matched.slots) == "10 ? ?");
    CHECK(matched.reply.strays == 4);
}

TEST_CASE("batch match: an error among results belongs to its call") {
    const Matched matched = match(
        "[" + ok(1) + R"(,{"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"x"}},)" + ok(3) + "]");
    CHECK(shown(matched.slots) == R"(10 !{"code":-32602,"message":"x"} 30)");
}

TEST_CASE("batch match: one error object can refuse the whole batch") {
    const Matched matched = match(null_error);
    CHECK(matched.reply.kind == BatchReply::Kind::refused);
    CHECK(matched.reply.refusal.code == "-32600");
    CHECK(shown(matched.slots) == "? ? ?");
    CHECK(match(R"({"error":{"code":-32000,"message":"batch limit 100 exceeded"}})").reply.kind ==
          BatchReply::Kind::refused);
}

TEST_CASE("batch match: an error that may have occurred while calls ran does not refuse the batch") {
    for (const auto* error :
         {R"({"code":-32002,"message":"request timed out"})", R"({"code":-32603,"message":"Internal error"})",
          R"({"code":-32003,"message":"batch response too large"})"}) {
        CAPTURE(error);
        const Matched matched = match(R"({"jsonrpc":"2.0","id":null,"error":)" + std::string(error) + "}");
        CHECK(matched.reply.kind == BatchReply::Kind::problem);
        CHECK(matched.reply.problem.starts_with("one error for the whole batch"));
    }
}

TEST_CASE("batch match: an array with one error about the batch refuses all of it") {
    const Matched matched =
        match(R"([{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"batch too large"}}])", 2000);
    CHECK(matched.reply.kind == BatchReply::Kind::refused);
    CHECK(matched.slots.front().state == Slot::State::missing);
}

TEST_CASE("batch match: an array with one error about its call belongs only to that call") {
    const Matched matched =
        match(R"([{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}])");
    CHECK(matched.reply.kind == BatchReply::Kind::matched);
    CHECK(shown(matched.slots) == R"(!{"code":-32601,"message":"no such method"} ? ?)");
}

TEST_CASE("batch match: an empty array leaves calls open, and is a correct reply to notifications") {
    CHECK(shown(match("[]").slots) == "? ? ?");
    CHECK(match("[]", 0, 3).reply.kind == BatchReply::Kind::matched);
    CHECK(match("", 0, 3).reply.kind == BatchReply::Kind::matched);
    CHECK(match("").reply.kind == BatchReply::Kind::problem);
}

TEST_CASE("batch match: a cut reply keeps its complete results") {
    const Matched matched =
        match("[" + ok(1) + "," + ok(2) + R"(,{"jsonrpc":"2.0","id":3,"res)", 3, 0, Completeness::cut);
    CHECK(shown(matched.slots) == "10 20 ?");
    CHECK(matched.reply.problem == "the reply was cut off");
    const Matched between = match("[" + ok(1) + ",", 3, 0, Completeness::cut);
    CHECK(shown(between.slots) == "10 ? ?");
}

TEST_CASE("batch match: a reply that stops being JSON keeps the results before that") {
    const Matched matched = match("[" + ok(1) + R"(,{"id":2,"result":[1,,]}])");
    CHECK(shown(matched.slots) == "10 ? ?");
    CHECK(matched.reply.problem.find("not JSON") != std::string::npos);
}

TEST_CASE("batch match: an error without an id belongs to a notification if there is one") {
    const Matched matched = match("[" + ok(1) + "," + null_error + "," + ok(2) + "]", 2, 1);
    CHECK(shown(matched.slots) == "10 20");
    CHECK(matched.reply.notification_errors == 1);
    CHECK(matched.reply.unattributed.code == "-32600");
}

TEST_CASE("batch match: one error without an id belongs to the one call without a reply") {
    const Matched matched = match("[" + ok(1) + "," + null_error + "," + ok(3) + "]");
    CHECK(matched.slots[1].state == Slot::State::error);
    CHECK(matched.reply.notification_errors == 0);
}

TEST_CASE("batch match: a result without an id answers a notification") {
    const Matched matched = match("[" + ok(1) + R"(,{"jsonrpc":"2.0","result":null},)" + ok(2) + "]", 2, 1);
    CHECK(shown(matched.slots) == "10 20");
    CHECK(matched.reply.strays == 0);
}

TEST_CASE("batch match: a single call takes a bare reply, with or without its id") {
    CHECK(shown(match(ok(1), 1).slots) == "10");
    CHECK(shown(match(R"({"jsonrpc":"2.0","id":null,"result":5})", 1).slots) == "5");
    CHECK(match(null_error, 1).slots.front().state == Slot::State::error);
    CHECK(shown(match("[" + ok(1) + "]", 1).slots) == "10");
    CHECK(shown(match(ok(2), 1).slots) == "?");
}

TEST_CASE("batch match: an HTML page is quoted") {
    const Matched matched = match("<html>\nBad Gateway");
    CHECK(matched.reply.kind == BatchReply::Kind::problem);
    CHECK(matched.reply.problem == "the reply is not JSON: '<html>\\x0aBad Gateway'");
}

TEST_CASE("batch match: a single result for a batch answers its call alone") {
    CHECK(shown(match(ok(2)).slots) == "? 20 ?");
}
