// A RabbitMQ server that lies to a subscriber. Never a crash, a hang or a message that was not whole.

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "tests/support/amqp_frames.h"
#include "tests/support/amqp_lies.h"
#include "tests/support/gate.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

// A subscriber that gets a message before the lie.
Outcome subscribe_to_liar(const std::string& bytes, const Step& end,
                          const std::vector<std::string>& more = {}) {
    const Peer peer({{amqp::log_in(), amqp::read_frames(4),
                      send(amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("q") +
                           amqp::consume_ok("c") + amqp::delivery("c", 1, "q", "one") + bytes),
                      end}});
    std::vector<std::string> words{"subscribe", amqp::address_of(peer), "q", "--no-reconnect"};
    words.insert(words.end(), more.begin(), more.end());
    return hail::support::hail(words);
}

const std::string deliver = amqp::deliver("c", 2, "", "q");

}  // namespace

TEST_CASE("amqp lies: a subscription needs each of its answers once, and in time") {
    const std::vector<std::string> answers{amqp::channel_open_ok(), amqp::qos_ok(), amqp::declare_ok("q"),
                                           amqp::consume_ok("c")};
    const auto outcome_of = [](const std::string& bytes, const std::string& limit = "20s") {
        const Peer peer({{amqp::log_in(), amqp::read_frames(4), send(bytes), amqp::confirm_close()}});
        return hail::support::hail({"subscribe", amqp::address_of(peer), "q", "--for", limit});
    };
    for (std::size_t at = 0; at < answers.size(); ++at) {
        CAPTURE(at);
        std::string missing;
        std::string repeated;
        std::string cut_short;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            missing += i == at ? "" : answers[i];
            repeated += i == at ? answers[i] + answers[i] : answers[i];
            cut_short += i == at ? amqp::frame(1, 1, answers[i].substr(7, 4)) : answers[i];
        }
        const Outcome late = outcome_of(missing, "1s");
        CHECK_MESSAGE(late.code == (at < 2 ? 9 : 2), late.err);
        CHECK_MESSAGE(mentions(late.err, at < 2 ? "which fits nothing that was sent" : "has not confirmed"),
                      late.err);
        const Outcome twice = outcome_of(repeated);
        CHECK_MESSAGE(twice.code == 9, twice.err);
        CHECK_MESSAGE(mentions(twice.err, "-ok, which fits nothing that was sent"), twice.err);
        if (at >= 2) {
            const Outcome half = outcome_of(cut_short);
            CHECK(half.code == 9);
            CHECK_MESSAGE(mentions(half.err, "that is cut short"), half.err);
        }
    }
    CHECK(outcome_of(answers[0] + answers[1] + answers[2] + answers[3], "2s").code == 0);
}

TEST_CASE("amqp lies: a subscriber shows what was whole, and refuses the rest") {
    const auto half_delivery = amqp::method(1, 60, 60, amqp::short_text("c") + amqp::u32(0));
    const std::vector<amqp::Lie> lies{
        {"tag 0", amqp::delivery("c", 0, "q", "x"), "sent delivery 0 instead of 2"},
        {"a tag twice", amqp::delivery("c", 1, "q", "x"), "sent delivery 1 instead of 2"},
        {"a tag too far", amqp::delivery("c", 3, "q", "x"), "sent delivery 3 instead of 2"},
        {"another consumer", amqp::delivery("d", 2, "q", "x"), "consumer that does not exist"},
        {"a header without a message", amqp::header(1), "had not announced"},
        {"a body without a message", amqp::body("x"), "had not announced"},
        {"a message without a header", deliver + amqp::body("x"), "had not announced"},
        {"a message without a body", deliver + amqp::header(1) + deliver, "broke off a message"},
        {"two headers", deliver + amqp::header(1) + amqp::header(1), "had not announced"},
        {"a body that is too long", deliver + amqp::header(1) + amqp::body("xx"), "longer than"},
        {"a body after an empty one", deliver + amqp::header(0) + amqp::body("x"), "had not announced"},
        {"an endless body", deliver + amqp::header(~0ULL) + amqp::body("x") + deliver, "broke off"},
        {"half a header", deliver + amqp::frame(2, 1, amqp::u16(60)), "header that does not fit"},
        {"half a delivery", half_delivery, "basic.deliver that is cut short"},
        {"a return", amqp::returned("", "q", "x"), "basic.return, which fits nothing"},
        {"an answer", amqp::ack(1), "basic.ack, which fits nothing"},
        {"ready again", amqp::consume_ok("c"), "basic.consume-ok, which fits nothing"},
        {"open again", amqp::channel_open_ok(), "channel.open-ok, which fits nothing"},
        {"the end of another", amqp::method(1, 60, 30, amqp::short_text("d") + amqp::u8(1)),
         "does not exist"},
        {"half an end", amqp::method(1, 60, 30), "basic.cancel that is cut short"},
        {"half a flow", amqp::method(1, 20, 20), "channel.flow that is cut short"},
        {"another channel", amqp::method(2, 60, 60), "channel that is not open"},
        {"an unknown method", amqp::method(1, 77, 7), "method 77.7, which fits nothing"},
        {"an unknown type", "\7" + deliver.substr(1), "unknown type 7"},
        {"a bad end", amqp::with_bad_end(deliver), "does not end where it should"},
        {"too large", amqp::oversized(3, 1), "more than was agreed"},
        {"another login", amqp::tune(), "connection.tune for the connection, which does not fit"},
        {"an end that nobody asked for", amqp::close_ok(), "which does not fit"}};
    for (const amqp::Lie& lie : lies) {
        CAPTURE(lie.what);
        const Outcome outcome = subscribe_to_liar(lie.bytes, amqp::confirm_close());
        CHECK(outcome.code == 9);
        CHECK_MESSAGE(mentions(outcome.err, lie.told), outcome.err);
        const bool only_whole = outcome.out == "one\n" || outcome.out == "one\n\n";
        CHECK_MESSAGE(only_whole, outcome.out);
    }
}

TEST_CASE("amqp lies: properties that do not fit end a subscriber that shows them") {
    const auto headers = [](const std::string& table) {
        return deliver + amqp::header(1, amqp::headers(table)) + amqp::body("x");
    };
    const std::vector<amqp::Lie> lies{
        {"10,000 tables", headers(amqp::nested(10'000)), "nested too deeply"},
        {"an unknown kind", headers("\1nq"), "a value of an unknown type"},
        {"half a table", deliver + amqp::header(1, amqp::u16(1U << 13U) + amqp::u32(99)), "cut short"},
        {"half a name", headers("\5n"), "cut short"},
        {"half a text", headers("\1nS" + amqp::u32(5) + "x"), "cut short"},
        {"no flags", deliver + amqp::header(1, ""), "cut short"},
        {"flags without an end", deliver + amqp::header(1, std::string(1'000, '\xFF')), "cut short"},
        {"a property without its text", deliver + amqp::header(1, amqp::u16(1U << 15U)), ""}};
    for (const amqp::Lie& lie : lies) {
        CAPTURE(lie.what);
        const Outcome outcome =
            subscribe_to_liar(lie.bytes + amqp::body("x"), amqp::confirm_close(), {"--json"});
        CHECK(outcome.code == 9);
        CHECK_MESSAGE(mentions(outcome.err, lie.told), outcome.err);
        CHECK(mentions(outcome.out, "\"payload\":\"one\"}\n"));
    }
}

TEST_CASE("amqp lies: names and texts that are not UTF-8 are shown as valid JSON") {
    const std::string table = amqp::short_text("\xFE") + "S" + amqp::long_text("\xFF");
    const std::string odd = amqp::deliver("c", 2, "e\xFF", "k\xFF\x1B") +
                            amqp::header(1, amqp::headers(table)) + amqp::body("\xFF");
    const Outcome outcome = subscribe_to_liar(odd, amqp::confirm_close(), {"--json", "--count", "2"});
    CHECK(outcome.code == 0);
    const std::string line = outcome.out.substr(outcome.out.find('\n') + 1);
    for (const char* part : {R"("channel_base64":"Zf8va/8b")", R"("exchange_base64":"Zf8=")",
                             R"("routing_key_base64":"a/8b")", R"("payload_base64":"/w==")"}) {
        CHECK_MESSAGE(mentions(line, part), line);
    }
    CHECK(line.find_first_of("\xFF\xFE\x1B") == std::string::npos);
}

TEST_CASE("amqp lies: a subscriber whose connection ends anywhere in a message shows nothing of it") {
    const std::string message = amqp::delivery("c", 2, "q", "two");
    for (std::size_t size = 0; size < message.size(); size += 4) {
        CAPTURE(size);
        const Outcome outcome = subscribe_to_liar(message.substr(0, size), cut());
        CHECK(outcome.code == 8);
        CHECK(outcome.out == "one\n");
    }
    const Outcome whole = subscribe_to_liar(message, cut());
    CHECK(whole.code == 8);
    CHECK(whole.out == "one\ntwo\n");
}

TEST_CASE("amqp lies: a subscriber whose connection or channel ends says why, and goes on only if it may") {
    struct End {
        std::string bytes;
        int code;
        std::string told;
    };
    const std::string blaming = "this is a fault of hail: please report it";
    for (const End& end :
         {End{"", 8, "closed the connection"},
          End{amqp::close(320, "CONNECTION_FORCED - x"), 8, "320 CONNECTION_FORCED - x"},
          End{amqp::close(501, "FRAME_ERROR"), 1, blaming},
          End{amqp::close(504, "CHANNEL_ERROR"), 1, blaming},
          End{amqp::close(505, "UNEXPECTED_FRAME"), 1, blaming},
          End{amqp::close(530, "NOT_ALLOWED"), 1, "530 NOT_ALLOWED"},
          End{amqp::close(540, "NOT_IMPLEMENTED"), 1, "540 NOT_IMPLEMENTED"},
          End{amqp::close(541, "INTERNAL_ERROR"), 1, blaming},
          End{amqp::close(320, "\xFF\x1B[31m"), 8, "320 \\xff\\x1b[31m"},
          End{amqp::channel_close(406, "PRECONDITION_FAILED"), 1, "406 PRECONDITION_FAILED"}}) {
        CAPTURE(end.told);
        const Outcome outcome = subscribe_to_liar(end.bytes, cut());
        CHECK(outcome.code == end.code);
        CHECK_MESSAGE(mentions(outcome.err, end.told), outcome.err);
        CHECK(outcome.out == "one\n");
    }
}

TEST_CASE("amqp reply: heartbeats go out while an answer is not confirmed yet") {
    Gate asked;
    Gate alive;
    const std::string asking = amqp::u16(3U << 9U) + amqp::short_text("1") + amqp::short_text("answers");
    const std::string request = amqp::deliver("ctag", 1, "", "q") + amqp::header(1, asking) + amqp::body("x");
    const std::string answers =
        amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("q") + amqp::consume_ok("ctag");
    const Step forget_heartbeats = [](Connection& connection) {
        for (char byte = 0; ::recv(connection.socket(), &byte, 1, MSG_DONTWAIT) == 1;) {
        }
    };
    const Peer peer(
        {{amqp::log_in(amqp::tune(2047, 131'072, 1)), amqp::read_frames(4), send(answers + request),
          asked.step(), forget_heartbeats, amqp::read_frames(3), [&](Connection&) { alive.open(); },
          amqp::confirm_close()},
         {amqp::log_in(), amqp::read_frames(5), send(amqp::channel_open_ok() + amqp::select_ok()),
          [&](Connection&) { asked.open(); }, alive.step(), send(amqp::ack(1)), amqp::confirm_close()}});
    const Outcome outcome = hail::support::hail(
        {"subscribe", amqp::address_of(peer), "q", "--count", "1", "--reply", "--exec", "cat"});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_FALSE(mentions(outcome.err, "lost"));
}
