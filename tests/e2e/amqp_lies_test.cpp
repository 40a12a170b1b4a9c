// A RabbitMQ server that lies in its login, to a publisher and to one who asks. Never a crash, a hang or a
// wrong count.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/amqp_frames.h"
#include "tests/support/amqp_lies.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

std::string times(std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

Step read_head() {
    return [](Connection& connection) {
        std::string head;
        connection.read_count(8, head);
    };
}

// The frames of a login, and what the client sends after each.
struct Login {
    std::vector<std::string> frames{amqp::start(), amqp::tune(), amqp::open_ok()};
    std::vector<std::size_t> answers{1, 2, 0};
};

// A login whose frame number `at` is this, and then this end.
Script login_with(std::size_t at, const std::string& lie, const Step& end) {
    const Login login;
    Script script{read_head()};
    for (std::size_t i = 0; i < at; ++i) {
        script.push_back(send(login.frames[i]));
        script.push_back(amqp::read_frames(login.answers[i]));
    }
    script.push_back(send(lie));
    script.push_back(end);
    return script;
}

// Both commands, with one message.
std::vector<std::vector<std::string>> commands(const Peer& peer) {
    return {{"publish", amqp::address_of(peer), "q", "m"}, {"subscribe", amqp::address_of(peer), "q"}};
}

void check_login(const Script& script, int code, const std::string& told,
                 const std::vector<std::string>& more = {}) {
    const Peer peer({script}, Peer::Others::repeat);
    for (std::vector<std::string> words : commands(peer)) {
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = hail::support::hail(words);
        CHECK(outcome.code == code);
        CHECK_MESSAGE(mentions(outcome.err, told), outcome.err);
        CHECK(outcome.out.empty());
    }
}

// Three messages, of which the first is accepted before the lie.
struct PublisherLie {
    std::string what;
    std::string bytes;
    int accepted = 1;
    int refused = 0;
    std::string told;
};

Outcome publish_to_liar(const std::string& bytes, const Step& end) {
    const Peer peer({{amqp::log_in(), amqp::read_frames(5),
                      send(amqp::channel_open_ok() + amqp::select_ok() + amqp::ack(1)), amqp::read_frames(6),
                      send(bytes), end}});
    return hail::support::hail({"publish", amqp::address_of(peer), "q"}, "1\n2\n3\n");
}

std::string account(int accepted, int refused, int unknown) {
    return "hail: read 3, accepted " + std::to_string(accepted) +
           (refused > 0 ? ", refused " + std::to_string(refused) : "") + ", unknown " +
           std::to_string(unknown) + "; ";
}

const std::string returned = amqp::method(
    1, 60, 50, amqp::u16(312) + amqp::short_text("NO_ROUTE") + amqp::short_text("") + amqp::short_text("q"));

}  // namespace

TEST_CASE("amqp lies: no frame of the login may be missing, repeated, too large, or end badly") {
    const Login login;
    const std::vector<std::string> names{"connection.start", "connection.tune", "connection.open-ok"};
    for (std::size_t at = 0; at < 3; ++at) {
        CAPTURE(names[at]);
        const std::string& frame = login.frames[at];
        const std::string next = at < 2 ? login.frames[at + 1] : amqp::channel_open_ok();
        std::string other_channel = frame;
        other_channel[2] = '\1';
        std::string other_type = frame;
        other_type[0] = '\5';
        const std::string not_amqp = at == 0 ? "is not AMQP" : "";
        const std::vector<amqp::Lie> lies{
            {"missing", next, at < 2 ? "instead of " + names[at] : "does not fit the login"},
            {"repeated", frame + frame, at < 2 ? "instead of " + names[at + 1] : "does not fit"},
            {"oversized", amqp::oversized(1, 0), "more than was agreed"},
            {"bad end", amqp::with_bad_end(frame), "does not end where it should"},
            {"another type", other_type, at == 0 ? not_amqp : "unknown type 5"},
            {"another channel", other_channel, at == 0 ? not_amqp : "does not fit the login"},
            {"no number", amqp::frame(1, 0, ""), "a method without a number"},
            {"an unknown method", amqp::method(0, 99, 1), "method 99.1 instead of " + names[at]},
            {"a heartbeat with a body", amqp::frame(8, 0, "x"), at == 0 ? not_amqp : "heartbeat"}};
        for (const amqp::Lie& lie : lies) {
            CAPTURE(lie.what);
            const bool sends = lie.what == "repeated" && at == 2;  // the login was complete
            const Peer peer({login_with(at, lie.bytes, amqp::confirm_close())}, Peer::Others::repeat);
            for (const std::vector<std::string>& words : commands(peer)) {
                const Outcome outcome = hail::support::hail(words);
                CHECK(outcome.code == (sends && words[0] == "publish" ? 8 : 9));
                CHECK_MESSAGE(mentions(outcome.err, lie.told), outcome.err);
                CHECK(outcome.out.empty());
            }
        }
    }
}

TEST_CASE("amqp lies: a login that is cut anywhere is exit status 7, and one that is silent is 2") {
    const Login login;
    for (std::size_t at = 0; at < 3; ++at) {
        CAPTURE(at);
        const std::string& frame = login.frames[at];
        const std::string told = at == 1 ? "closed during login: wrong user or password?" : "";
        for (const std::size_t size : {std::size_t{0}, std::size_t{5}, frame.size() / 2, frame.size() - 1}) {
            check_login(login_with(at, frame.substr(0, size), cut()), 7, told);
        }
        check_login(login_with(at, frame.substr(0, 9), reset()), 7, told);
        check_login(login_with(at, "", stall()), 2, "no answer in time", {"--connect-timeout", "100ms"});
    }
}

TEST_CASE("amqp lies: a server that sends without a pause does not put off the time limits") {
    const auto check = [](const Script& before, std::vector<std::string> words, int code) {
        Script script = before;
        script.push_back(amqp::flood());
        Peer peer({script});
        words.insert(words.begin() + 1, amqp::address_of(peer));
        CAPTURE(words[0] + words.back());
        const Outcome outcome = hail::support::hail(words);
        CHECK_MESSAGE(outcome.code == code, outcome.err);
        CHECK_NOTHROW(peer.finish());
    };
    const auto open = [](std::size_t frames) { return Script{amqp::log_in(), amqp::read_frames(frames)}; };
    const Script subscribed{
        amqp::log_in(), amqp::read_frames(4),
        send(amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("q") + amqp::consume_ok("c"))};
    check({read_head(), send(amqp::start()), amqp::read_frames(1)},
          {"publish", "q", "m", "--connect-timeout", "100ms"}, 2);
    check(open(5), {"publish", "q", "m", "--timeout", "2s"}, 8);
    check(open(3), {"publish", "q", "m", "--request", "--timeout", "100ms"}, 2);
    check(open(2), {"publish", "q", "m", "--wait-receivers", "100ms"}, 2);
    check(open(4), {"subscribe", "q", "--connect-timeout", "100ms"}, 2);
    check(subscribed, {"subscribe", "q", "--first-within", "100ms"}, 2);
    check(subscribed, {"subscribe", "q", "--timeout", "100ms"}, 2);
    check(subscribed, {"subscribe", "q", "--for", "2s"}, 0);
}

TEST_CASE("amqp lies: limits that AMQP does not allow, and a table in the greeting without an end") {
    for (const std::uint32_t frame_max : {1U, 7U, 4'095U}) {
        check_login(login_with(1, amqp::tune(0, frame_max, 0), amqp::confirm_close()), 9,
                    "less than AMQP allows");
    }
    const std::string version = amqp::u8(0) + amqp::u8(9);
    check_login(login_with(0, amqp::method(0, 10, 10, version + amqp::u32(1'000'000)), amqp::confirm_close()),
                9, "connection.start that is cut short");
    check_login(login_with(0, amqp::method(0, 10, 10, version), amqp::confirm_close()), 9, "cut short");
    check_login(login_with(1, amqp::method(0, 10, 30, amqp::u16(1)), amqp::confirm_close()), 9, "cut short");
    // Nobody looks into the table, so that it may be as deep as it likes.
    const std::string deep = amqp::method(0, 10, 10,
                                          version + amqp::long_text(amqp::nested(10'000)) +
                                              amqp::long_text("PLAIN") + amqp::long_text("en_US"));
    check_login(login_with(0, deep, cut()), 7, "closed during login");
    check_login(
        login_with(0,
                   amqp::method(0, 10, 10,
                                version + amqp::long_text("") + amqp::long_text("") + amqp::long_text("")),
                   amqp::confirm_close()),
        1, "does not offer the login PLAIN");
}

TEST_CASE("amqp lies: a publisher counts each message once, whatever it is told") {
    const std::vector<PublisherLie> lies{
        {"an answer to nothing", amqp::ack(0), 1, 0, "answered message 0, which was not sent"},
        {"an answer to a later message", amqp::ack(4), 1, 0, "answered message 4, which was not sent"},
        {"an endless answer", amqp::ack(~0ULL, true), 1, 0, "which was not sent"},
        {"an old answer", amqp::ack(1), 1, 0, "which it had answered before"},
        {"an answer twice", amqp::ack(3) + amqp::ack(3), 2, 0, "which it had answered before"},
        {"all answers twice", amqp::ack(3, true) + amqp::ack(3, true), 3, 0, "which it had answered before"},
        {"no twice", amqp::nack(2) + amqp::nack(2), 1, 1, "which it had answered before"},
        {"a return twice", times(2, amqp::returned("", "q", "2") + amqp::ack(2)), 1, 1,
         "which it had answered before"},
        {"yes and no", amqp::ack(2) + amqp::nack(2), 2, 0, "which it had answered before"},
        {"no to nothing", amqp::nack(0), 1, 0, "answered message 0, which was not sent"},
        {"no to an old one", amqp::nack(1), 1, 0, "which it had answered before"},
        {"a return of another place", amqp::returned("", "other", "2") + amqp::ack(3, true), 3, 0,
         "returned a message that was not sent"},
        {"a return of another size", amqp::returned("", "q", "22") + amqp::ack(3, true), 3, 0,
         "returned a message that was not sent"},
        {"more returns than messages", times(3, amqp::returned("", "q", "2")), 1, 0,
         "returned a message that was not sent"},
        {"a return without a header", returned + amqp::ack(3, true), 1, 0, "broke off a message"},
        {"a return without a body", returned + amqp::header(1) + amqp::ack(3, true), 1, 0,
         "broke off a message"},
        {"two returns at once", returned + returned, 1, 0, "broke off a message"},
        {"a body that is too long", returned + amqp::header(1) + amqp::body("22"), 1, 0,
         "longer than it had announced"},
        {"a header of another class", returned + amqp::frame(2, 1, amqp::u16(10) + std::string(12, '\0')), 1,
         0, "header that does not fit"},
        {"a header for nothing", amqp::header(1), 1, 0, "had not announced"},
        {"a body for nothing", amqp::body("2"), 1, 0, "had not announced"},
        {"a delivery", amqp::delivery("c", 1, "q", "2"), 1, 0, "basic.deliver, which fits nothing"},
        {"an answer to no question", amqp::declare_ok("q"), 1, 0, "queue.declare-ok, which fits nothing"},
        {"an unknown method", amqp::method(1, 77, 7), 1, 0, "method 77.7, which fits nothing"},
        {"half an answer", amqp::method(1, 60, 80, amqp::u32(0)), 1, 0, "basic.ack that is cut short"},
        {"half a close", amqp::method(1, 20, 40, amqp::u16(404)), 1, 0, "channel.close that is cut short"},
        {"half a flow", amqp::method(1, 20, 20), 1, 0, "channel.flow that is cut short"},
        {"half a number", amqp::frame(1, 1, amqp::u16(60)), 1, 0, "a method without a number"},
        {"an unknown type", "\4" + amqp::ack(2).substr(1), 1, 0, "unknown type 4"},
        {"a bad end", amqp::with_bad_end(amqp::ack(2)), 1, 0, "does not end where it should"},
        {"too large", amqp::oversized(1, 1), 1, 0, "more than was agreed"},
        {"a channel that is not open", amqp::ack(2, false, 2), 1, 0, "channel that is not open"},
        {"the last channel", amqp::ack(2, false, 65'535), 1, 0, "channel that is not open"},
        {"a heartbeat on a channel", amqp::frame(8, 1, ""), 1, 0, "heartbeat"},
        {"another login", amqp::start(), 1, 0, "connection.start for the connection, which does not fit"},
        {"an end that nobody asked for", amqp::close_ok(), 1, 0, "which does not fit"},
        {"half a reason", amqp::method(0, 10, 60, "\x50low"), 1, 0, "cut short"}};
    for (const PublisherLie& lie : lies) {
        CAPTURE(lie.what);
        const Outcome outcome = publish_to_liar(lie.bytes, amqp::confirm_close());
        const int unknown = 3 - lie.accepted - lie.refused;
        CHECK(outcome.code == (unknown > 0 ? 8 : 9));
        CHECK_MESSAGE(mentions(outcome.err, lie.told), outcome.err);
        if (unknown > 0) {
            CHECK_MESSAGE(mentions(outcome.err, account(lie.accepted, lie.refused, unknown)), outcome.err);
        }
        CHECK(outcome.out.empty());
    }
}

TEST_CASE("amqp lies: an answer that comes before the message was sent does not count") {
    const TemporaryDirectory folder;
    const std::string input = folder.file("large", std::string(16UL << 20U, 'x'));
    for (const std::string& answer : {amqp::ack(1), amqp::ack(1, true), amqp::nack(1)}) {
        const Peer peer({{amqp::log_in(), amqp::read_frames(4),
                          send(amqp::channel_open_ok() + amqp::select_ok() + answer), stall()}});
        Command publish = hail_command({"publish", amqp::address_of(peer), "q", "--whole"});
        publish.input_file = input;
        const Outcome outcome = run(publish);
        CHECK(outcome.code == 8);
        CHECK_MESSAGE(mentions(outcome.err, "before all of it was sent"), outcome.err);
        CHECK_MESSAGE(mentions(outcome.err, "read 1, accepted 0, unknown 1; "), outcome.err);
    }
}

TEST_CASE("amqp lies: a publisher whose connection or channel ends has unknown messages, with the reason") {
    const std::string blaming = "this is a fault of hail: please report it";
    const std::vector<amqp::Lie> ends{
        {"nothing", "", "closed the connection"},
        {"half an answer", amqp::ack(2).substr(0, 12), "closed the connection"},
        {"forced", amqp::close(320, "CONNECTION_FORCED - x"), "320 CONNECTION_FORCED - x"},
        {"501", amqp::close(501, "FRAME_ERROR"), blaming},
        {"503", amqp::close(503, "COMMAND_INVALID"), blaming},
        {"504", amqp::close(504, "CHANNEL_ERROR"), blaming},
        {"505", amqp::close(505, "UNEXPECTED_FRAME"), blaming},
        {"530", amqp::close(530, "NOT_ALLOWED"), "530 NOT_ALLOWED"},
        {"540", amqp::close(540, "NOT_IMPLEMENTED"), "540 NOT_IMPLEMENTED"},
        {"541", amqp::close(541, "INTERNAL_ERROR"), blaming},
        {"no number", amqp::close(0, ""), "closed the connection: 0"},
        {"not UTF-8", amqp::close(320, "\xFF\x1B[31m"), "320 \\xff\\x1b[31m"},
        {"the channel", amqp::channel_close(404, "NOT_FOUND"), "closed the channel: 404 NOT_FOUND"}};
    for (const amqp::Lie& end : ends) {
        CAPTURE(end.what);
        const Outcome outcome = publish_to_liar(end.bytes, cut());
        CHECK(outcome.code == 8);
        CHECK_MESSAGE(mentions(outcome.err, end.told), outcome.err);
        CHECK_MESSAGE(mentions(outcome.err, account(1, 0, 2)), outcome.err);
    }
}

TEST_CASE("amqp lies: a request gets no answer that was not sent to it") {
    const std::string other = amqp::u16(1U << 10U) + amqp::short_text("other");
    const std::string wrong_answer =
        amqp::deliver("r", 1, "", "k") + amqp::header(1, other) + amqp::body("x");
    const std::vector<amqp::Lie> lies{
        {"of another", wrong_answer + amqp::close(320, "x"), "320 x"},
        {"an answer to nothing", amqp::ack(0), "which was not sent"},
        {"an answer twice", amqp::ack(1) + amqp::ack(1), "answered before"},
        {"a return of another place", amqp::returned("", "other", "m") + amqp::ack(1), "was not sent"},
        {"a body for nothing", amqp::body("x"), "had not announced"},
        {"a message without a body", amqp::deliver("r", 1, "", "k") + amqp::ack(1), "broke off"},
        {"a declaration", amqp::declare_ok("q"), "which fits nothing"},
        {"another channel", amqp::ack(1, false, 2), "channel that is not open"},
        {"an unknown type", "\6" + amqp::ack(1).substr(1), "unknown type 6"}};
    for (const amqp::Lie& lie : lies) {
        CAPTURE(lie.what);
        const Peer peer({{amqp::log_in(), amqp::read_frames(3),
                          send(amqp::channel_open_ok() + amqp::select_ok() + amqp::consume_ok("r")),
                          amqp::read_frames(3), send(lie.bytes), amqp::confirm_close()}});
        const Outcome outcome = hail::support::hail(
            {"publish", amqp::address_of(peer), "q", "m", "--request", "--timeout", "10s"});
        CHECK(outcome.code == (lie.told == "320 x" ? 8 : 9));
        CHECK_MESSAGE(mentions(outcome.err, lie.told), outcome.err);
        CHECK(outcome.out.empty());
    }
}

TEST_CASE("amqp lies: an end before the request or the message was sent is exit status 7, or a refusal") {
    struct End {
        std::string bytes;
        int code;
        std::string told;
    };
    for (const End& end :
         {End{"", 7, "closed the connection"},
          End{amqp::close(320, "CONNECTION_FORCED"), 7, "320 CONNECTION_FORCED"},
          End{amqp::close(530, "NOT_ALLOWED - limit"), 1, "530 NOT_ALLOWED"},
          End{amqp::channel_close(403, "ACCESS_REFUSED"), 1, "403 ACCESS_REFUSED"}, End{amqp::ack(1), 9, ""},
          End{amqp::declare_ok("q").substr(0, 20), 7, ""}, End{amqp::method(1, 50, 11), 9, ""},
          End{amqp::channel_open_ok(7), 9, "channel that is not open"}}) {
        CAPTURE(end.told);
        for (const char* option : {"--request", "--wait-receivers=10s"}) {
            CAPTURE(std::string(option));
            const bool asks = std::string(option) == "--request";
            const Peer peer({{amqp::log_in(), amqp::read_frames(asks ? 3 : 2), send(end.bytes), cut()}});
            const Outcome outcome =
                hail::support::hail({"publish", amqp::address_of(peer), "q", "m", option});
            CHECK_MESSAGE(outcome.code == end.code, outcome.err);
            CHECK_MESSAGE(mentions(outcome.err, end.told), outcome.err);
        }
    }
}
