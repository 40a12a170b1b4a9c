#include <doctest/doctest.h>

#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/pubsub/broker.h"
#include "tests/support/amqp_frames.h"
#include "tests/support/gate.h"

using namespace hail;
using base::Exit;
using support::Peer;
using support::Script;
namespace peer = hail::support::amqp;

namespace {

// "+1" for message 1 that was accepted, "-1 why" for one that was refused.
class Answers : public pubsub::AnswerSink {
  public:
    void accepted(std::uint64_t tag, const pubsub::Accepted&) override { add("+" + std::to_string(tag)); }
    void refused(std::uint64_t tag, const base::Error& error, pubsub::Refused what) override {
        const std::string why = error.what();
        add("-" + std::to_string(tag) + (what == pubsub::Refused::channel ? " channel" : "") +
            why.substr(why.find(": ")));
    }
    std::string text;
    std::size_t count = 0;

  private:
    void add(const std::string& answer) {
        text += (text.empty() ? "" : "\n") + answer;
        ++count;
    }
};

class Published {
  public:
    explicit Published(std::vector<Script> scripts, const pubsub::PublisherOptions& options = {})
        : server(std::move(scripts)),
          publisher(pubsub::open_publisher(peer::broker_of(server), options, answers, stop_)) {}

    void send(const std::string& channel, const std::string& payload, std::uint64_t tag) {
        wait_for_room();
        publisher->publish({.channel = channel, .payload = payload}, tag);
    }
    void wait_for_room() {
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        publisher->exchange();
        while (!publisher->has_room() && !publisher->broken() && !give_up.passed()) {
            publisher->wait(give_up, nullptr, {});
            publisher->exchange();
        }
    }
    void wait_until_broken() {
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        for (publisher->exchange(); !publisher->broken() && !give_up.passed(); publisher->exchange()) {
            publisher->wait(give_up, nullptr, {});
        }
    }
    // The answers, once nothing is in flight or the connection broke.
    std::string drain() {
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        publisher->exchange();
        while (publisher->in_flight() > 0 && !publisher->broken() && !give_up.passed()) {
            publisher->wait(give_up, nullptr, {});
            publisher->exchange();
        }
        return answers.text;
    }

    Peer server;
    Answers answers;

  private:
    base::Stop stop_;

  public:
    std::unique_ptr<pubsub::Publisher> publisher;
};

// Opens channel 1; message 1, which goes out alone, is accepted.
Script opened(std::size_t frames = 3) {
    return {peer::log_in(), peer::read_frames(2 + frames),
            support::send(peer::channel_open_ok() + peer::select_ok() + peer::ack(1))};
}

Script after(Script script, std::vector<support::Step> steps) {
    script.insert(script.end(), steps.begin(), steps.end());
    return script;
}

Script answered_by(const std::string& bytes, std::size_t frames) {
    return after(opened(), {peer::read_frames(frames), support::send(bytes), peer::confirm_close()});
}

std::string fault_of(const std::string& bytes, std::size_t messages = 2) {
    Published run({answered_by(bytes, 3 * messages)});
    run.send("q", "1", 1);
    run.wait_for_room();
    for (std::uint64_t tag = 2; tag < 2 + messages; ++tag) {
        run.send("q", "x", tag);
    }
    try {
        run.drain();
    } catch (const base::Error& error) {
        CHECK(error.exit() == Exit::bad_reply);
        return error.what();
    }
    return run.answers.text;
}

}  // namespace

TEST_CASE("amqp publisher: a message is persistent and mandatory, and opens the channel by itself") {
    Published run({after(opened(), {peer::confirm_close()})});
    run.send("jobs", "hello", 1);
    CHECK(run.drain() == "+1");
    run.publisher.reset();
    const auto received = run.server.finish();
    REQUIRE(received.size() == 10);
    CHECK(received[4].head == peer::method(1, 20, 10, peer::short_text("")));
    CHECK(received[5].head == peer::method(1, 85, 10, peer::u8(0)));
    CHECK(received[6].head ==
          peer::method(1, 60, 40,
                       peer::u16(0) + peer::short_text("") + peer::short_text("jobs") + peer::u8(1)));
    CHECK(received[7].head == peer::header(5, peer::u16(1U << 12U) + peer::u8(2)));
    CHECK(received[8].head == peer::body("hello"));
    CHECK(received[9].head.substr(7, 4) == std::string("\0\x0A\0\x32", 4));  // connection.close
}

TEST_CASE("amqp publisher: it goes only when the broker has confirmed the close") {
    std::promise<void> asked;
    std::promise<void> confirmed;
    const support::Step hesitate = [&](support::Connection& connection) {
        peer::read_frames(1)(connection);
        asked.set_value();
        confirmed.get_future().wait();
        connection.send(peer::close_ok());
    };
    Published run({after(opened(), {hesitate, support::stall()})});
    run.send("jobs", "hello", 1);
    CHECK(run.drain() == "+1");
    auto gone = std::async(std::launch::async, [&] { run.publisher.reset(); });
    asked.get_future().wait();
    CHECK(gone.wait_for(base::Milliseconds(50)) == std::future_status::timeout);
    confirmed.set_value();
    gone.get();
}

TEST_CASE("amqp publisher: answers come in any order, multiple, and with returns and nacks") {
    const std::string answers =
        peer::ack(3) + peer::returned("", "q", "x4") + peer::ack(4) + peer::nack(6, true) + peer::ack(7);
    Published run({answered_by(answers, 18)});
    run.send("q", "x1", 1);
    run.wait_for_room();
    for (std::uint64_t tag = 2; tag <= 7; ++tag) {
        run.send("q", "x" + std::to_string(tag), tag);
    }
    CHECK(run.drain() ==
          "+1\n+3\n-4: no queue 'q'\n"
          "-2: the broker did not keep the message: its queue is full, or it failed\n"
          "-5: the broker did not keep the message: its queue is full, or it failed\n"
          "-6: the broker did not keep the message: its queue is full, or it failed\n+7");
}

TEST_CASE("amqp publisher: the messages that come back are known by their bodies") {
    const std::string answers =
        peer::returned("", "q", "x4") + peer::returned("", "q", "x5") + peer::ack(5, true);
    Published run({answered_by(answers, 12)});
    run.send("q", "x1", 1);
    run.wait_for_room();
    for (std::uint64_t tag = 2; tag <= 5; ++tag) {
        run.send("q", "x" + std::to_string(tag), tag);
    }
    const std::string got = run.drain();
    CHECK_MESSAGE(got.starts_with("+1\n+2\n+3\n-4"), got);
    CHECK_MESSAGE(got.find("\n-5") != std::string::npos, got);
}

TEST_CASE("amqp publisher: answers that fit nothing end the run, and count nothing twice") {
    CHECK(fault_of(peer::ack(0)) == "the broker answered message 0, which was not sent");
    CHECK(fault_of(peer::ack(4)) == "the broker answered message 4, which was not sent");
    CHECK(fault_of(peer::ack(2) + peer::ack(2)) ==
          "the broker answered message 2, which it had answered before");
    CHECK(fault_of(peer::ack(1)) == "the broker answered message 1, which it had answered before");
    CHECK(fault_of(peer::returned("", "other", "x") + peer::ack(3, true)) ==
          "the broker returned a message that was not sent");
    CHECK(fault_of(peer::ack(2, false, 2)).find("a frame on a channel that is not open") !=
          std::string::npos);
    CHECK(fault_of(peer::header(1)).find("had not announced") != std::string::npos);
    CHECK(fault_of(peer::body("x")).find("had not announced") != std::string::npos);
    CHECK(fault_of(peer::deliver("c", 1, "", "q")).find("basic.deliver, which fits nothing") !=
          std::string::npos);
    CHECK(fault_of(peer::declare_ok("q")).find("queue.declare-ok, which fits nothing") != std::string::npos);
    CHECK(fault_of(peer::method(1, 60, 80, peer::u32(0))).find("basic.ack that is cut short") !=
          std::string::npos);
    CHECK(fault_of(peer::method(1, 77, 7)).find("method 77.7") != std::string::npos);
    const std::string returned = peer::method(
        1, 60, 50, peer::u16(312) + peer::short_text("x") + peer::short_text("") + peer::short_text("q"));
    CHECK(fault_of(returned + peer::ack(2)).find("broke off a message") != std::string::npos);
    CHECK(fault_of(returned + peer::header(1) + peer::body("xx")).find("longer than it had announced") !=
          std::string::npos);
    CHECK(fault_of(returned + returned).find("broke off a message") != std::string::npos);
}

TEST_CASE("amqp publisher: a message that closes its channel is the one that is refused") {
    Published run(
        {{peer::log_in(), peer::read_frames(5),
          support::send(peer::channel_open_ok() + peer::select_ok() +
                        peer::channel_close(404, "NOT_FOUND - no exchange 'nope'")),
          peer::read_frames(1 + 5), support::send(peer::channel_open_ok() + peer::select_ok() + peer::ack(1)),
          peer::confirm_close()}});
    run.send("nope/key", "a", 1);
    run.send("q", "b", 2);
    CHECK(run.drain() == "-1 channel: 404 NOT_FOUND - no exchange 'nope'\n+2");
    CHECK(run.publisher->loss().unknown == 0);
}

TEST_CASE("amqp publisher: the first message to another exchange waits for those before it") {
    support::Gate held;
    Published run(
        {after(opened(), {peer::read_frames(3), held.step(), support::send(peer::ack(2)),
                          peer::read_frames(3), support::send(peer::channel_close(403, "ACCESS_REFUSED")),
                          peer::read_frames(1), peer::confirm_close()})});
    run.send("q", "1", 1);
    run.wait_for_room();
    run.send("q", "2", 2);
    run.send("secret/key", "3", 3);
    run.publisher->exchange();
    CHECK(run.publisher->in_flight() == 2);
    CHECK(run.publisher->loss().unknown == 1);
    CHECK(run.publisher->loss().not_sent == 1);
    CHECK_FALSE(run.publisher->has_room());
    held.open();
    CHECK(run.drain() == "+1\n+2\n-3 channel: 403 ACCESS_REFUSED");
}

TEST_CASE("amqp publisher: the pieces of a message that waits are not read before it is sent") {
    support::Gate held;
    Published run(
        {after(opened(), {peer::read_frames(3), held.step(), support::send(peer::ack(2)),
                          peer::read_frames(4), support::send(peer::ack(3)), peer::confirm_close()})});
    run.send("q", "1", 1);
    run.wait_for_room();
    run.send("q", "2", 2);
    run.publisher->publish({.channel = "other/key", .payload = "ab", .more = true, .size = 4}, 3);
    CHECK_FALSE(run.publisher->has_room());
    held.open();
    run.wait_for_room();
    run.publisher->publish({.channel = "other/key", .payload = "cd"}, 3);
    CHECK(run.drain() == "+1\n+2\n+3");
}

TEST_CASE("amqp publisher: if a channel closes with several messages in flight, they are unknown") {
    Published run({answered_by(peer::channel_close(404, "NOT_FOUND - no exchange"), 6)});
    run.send("q", "1", 1);
    run.wait_for_room();
    run.send("q", "2", 2);
    run.send("q", "3", 3);
    CHECK(run.drain() == "+1");
    CHECK(run.publisher->broken());
    const pubsub::Loss loss = run.publisher->loss();
    CHECK(loss.unknown == 2);
    CHECK(loss.first_tag == 2);
    CHECK(loss.why.why == "the broker closed the channel: 404 NOT_FOUND - no exchange");
}

TEST_CASE("amqp publisher: a message that cannot be sent is refused alone, and the next is sent") {
    Published run({after(opened(), {peer::confirm_close()})});
    run.send("", "x", 7);
    run.send("q", "x", 8);
    CHECK(run.drain() == "-7: channel '': the name of a queue is empty\n+8");
    const std::vector<pubsub::Field> wrong{{"priority", "300", pubsub::Field::Kind::json}};
    run.publisher->publish({.channel = "q", .payload = "x", .properties = wrong}, 9);
    CHECK(run.publisher->in_flight() == 1);
    CHECK(run.drain().find("-9: property priority: '300' is not a number") != std::string::npos);
}

TEST_CASE("amqp publisher: wrong options are refused before connecting") {
    Peer server({});
    Answers answers;
    const base::Stop stop;
    pubsub::PublisherOptions options;
    options.amqp.properties = {{"expiration", "soon"}};
    CHECK_THROWS_AS(pubsub::open_publisher(peer::broker_of(server), options, answers, stop), base::Error);
    CHECK_THROWS_AS(pubsub::open_publisher(peer::broker_of(server), {.counts_all = true}, answers, stop),
                    base::Error);
    CHECK(server.connections() == 0);
}

TEST_CASE("amqp publisher: a server that refuses the channel has taken nothing") {
    Published run({{peer::log_in(), peer::read_frames(5),
                    support::send(peer::close(530, "NOT_ALLOWED - limit")), peer::confirm_close()}});
    run.send("q", "x", 1);
    CHECK_THROWS_AS(run.drain(), base::Error);
    CHECK(run.publisher->loss().not_sent == 1);
    CHECK(run.publisher->loss().unknown == 0);
}

TEST_CASE("amqp publisher: a declaration that ends the connection refuses its message alone") {
    pubsub::PublisherOptions options;
    options.amqp.declare = pubsub::AmqpDeclaration{.exchange_type = "nope"};
    const std::string close = peer::method(
        0, 10, 50,
        peer::u16(503) + peer::short_text("COMMAND_INVALID - unknown type") + peer::u16(40) + peer::u16(10));
    Published run(
        {{peer::log_in(), peer::read_frames(2 + 1 + 3),
          support::send(peer::channel_open_ok() + peer::select_ok() + close), peer::confirm_close()},
         {peer::log_in(), peer::read_frames(2 + 1 + 3),
          support::send(peer::channel_open_ok() + peer::select_ok() + peer::method(1, 40, 11) + peer::ack(1)),
          peer::confirm_close()}},
        options);
    run.send("new/key", "x", 1);
    CHECK(run.drain() == "-1 channel: 503 COMMAND_INVALID - unknown type");
    CHECK_FALSE(run.publisher->broken());
    run.send("new/key", "x", 2);
    CHECK(run.drain() == "-1 channel: 503 COMMAND_INVALID - unknown type\n+2");
    run.send("bad\xFF", "x", 3);
    CHECK(run.drain().find("-3: the name is not UTF-8") != std::string::npos);
}

TEST_CASE("amqp publisher: a plain declaration looks first, and makes only what is missing") {
    pubsub::PublisherOptions options;
    options.amqp.declare = pubsub::AmqpDeclaration{};
    const std::string opened = peer::channel_open_ok() + peer::select_ok();
    Published run({{peer::log_in(), peer::read_frames(2 + 1), support::send(opened + peer::declare_ok("q")),
                    peer::read_frames(3), support::send(peer::ack(1)),  // there
                    peer::read_frames(1), support::send(peer::channel_close(404, "no", 1, 50, 10)),
                    peer::read_frames(1 + 2 + 1 + 3),  // missing
                    support::send(opened + peer::declare_ok("r") + peer::ack(1)), peer::read_frames(1),
                    support::send(peer::channel_close(405, "no", 1, 50, 10)), peer::read_frames(1 + 2 + 3),
                    support::send(opened + peer::ack(1)),  // another's own
                    peer::confirm_close()}},
                  options);
    run.send("q", "x", 1);
    run.send("r", "x", 2);
    run.send("s", "x", 3);
    CHECK(run.drain() == "+1\n+2\n+3");
}

TEST_CASE(
    "amqp publisher: a message that waits for its queue to be found is not sent if the connection ends") {
    pubsub::PublisherOptions options;
    options.amqp.declare = pubsub::AmqpDeclaration{};
    Published run({{peer::log_in(), peer::read_frames(2 + 1),
                    support::send(peer::channel_open_ok() + peer::select_ok())}},
                  options);
    run.send("q", "x", 1);
    run.wait_until_broken();
    CHECK(run.publisher->loss().not_sent == 1);
    CHECK(run.publisher->loss().unknown == 0);
}

TEST_CASE(
    "amqp publisher: a connection that is closed leaves unknown messages, with the words of the server") {
    Published run({answered_by(peer::close(320, "CONNECTION_FORCED - shutdown"), 3)});
    run.send("q", "1", 1);
    run.wait_for_room();
    run.send("q", "2", 2);
    run.drain();
    CHECK(run.publisher->broken());
    CHECK(run.publisher->loss().unknown == 1);
    CHECK(run.publisher->loss().why.why ==
          "the broker closed the connection: 320 CONNECTION_FORCED - shutdown");
}

TEST_CASE("amqp publisher: an idle connection that was closed is opened again silently") {
    Published run({after(opened(), {support::send(peer::close(320, "maintenance")), support::cut()}),
                   after(opened(), {peer::confirm_close()})});
    run.send("q", "1", 1);
    CHECK(run.drain() == "+1");
    run.server.wait_for_ends(1);
    run.send("q", "2", 2);
    CHECK(run.drain() == "+1\n+2");
    CHECK(run.publisher->warnings().empty());
}

TEST_CASE("amqp publisher: a silent broker leaves unknown messages") {
    const Script script{peer::log_in(peer::tune(2047, 131'072, 1)), peer::read_frames(5), support::stall()};
    Published run({script});
    run.send("q", "1", 1);
    CHECK(run.drain().empty());
    CHECK(run.publisher->broken());
    CHECK(run.publisher->loss().unknown == 1);
    CHECK(run.publisher->loss().why.why == "the broker has been silent for 2 s");
}

TEST_CASE("amqp publisher: a message is not sent to a broker that has been silent, but to one that answers") {
    Script silent{peer::log_in(peer::tune(2047, 131'072, 1)), peer::read_frames(5),
                  support::send(peer::channel_open_ok() + peer::select_ok() + peer::ack(1)),
                  support::stall()};
    Published run({std::move(silent), after(opened(), {peer::confirm_close()})});
    run.send("q", "1", 1);
    CHECK(run.drain() == "+1");
    base::Stop().sleep(base::Milliseconds(2'100));  // nobody looks at the connection meanwhile
    run.publisher->publish({.channel = "q", .payload = "2"}, 2);
    CHECK(run.drain() == "+1\n+2");
}

TEST_CASE("amqp publisher: there is room again if the last answers come with the end of the connection") {
    pubsub::PublisherOptions options;
    options.window = 2;
    Published run({after(opened(), {peer::read_frames(6),
                                    support::send(peer::ack(3, true) + peer::close(320, "CONNECTION_FORCED")),
                                    peer::confirm_close()}),
                   after(opened(), {peer::confirm_close()})},
                  options);
    run.send("q", "1", 1);
    run.drain();
    run.send("q", "2", 2);
    run.send("q", "3", 3);
    CHECK_FALSE(run.publisher->has_room());
    CHECK(run.drain() == "+1\n+2\n+3");
    CHECK(run.publisher->has_room());
    run.send("q", "4", 4);
    CHECK(run.drain() == "+1\n+2\n+3\n+4");
}

TEST_CASE("amqp publisher: while the broker is blocked, nothing more is sent") {
    Published run({after(opened(), {support::send(peer::method(0, 10, 60, peer::short_text("low on memory"))),
                                    peer::read_frames(3), peer::confirm_close()})});
    run.send("q", "1", 1);
    run.drain();
    const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
    while (!run.publisher->blocked() && !give_up.passed()) {
        run.publisher->wait(give_up, nullptr, {});
        run.publisher->exchange();
    }
    CHECK(run.publisher->blocked());
    CHECK_FALSE(run.publisher->has_room());
    REQUIRE(run.publisher->warnings().size() == 1);
    CHECK(run.publisher->warnings()[0].find("takes no messages for now: low on memory") != std::string::npos);
}

TEST_CASE("amqp publisher: once the broker is not blocked any longer, messages go out again") {
    support::Gate seen;
    Published run({after(opened(), {support::send(peer::method(0, 10, 60, peer::short_text("low on memory"))),
                                    seen.step(), support::send(peer::method(0, 10, 61)), peer::read_frames(3),
                                    support::send(peer::ack(2)), peer::confirm_close()})});
    run.send("q", "1", 1);
    run.drain();
    const auto wait_until = [&](bool blocked) {
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        while (run.publisher->blocked() != blocked && !give_up.passed()) {
            run.publisher->wait(give_up, nullptr, {});
            run.publisher->exchange();
        }
        CHECK(run.publisher->blocked() == blocked);
    };
    wait_until(true);
    seen.open();
    wait_until(false);
    CHECK(run.publisher->has_room());
    REQUIRE(run.publisher->warnings().size() == 2);
    CHECK(run.publisher->warnings()[1].ends_with("takes messages again"));
    run.send("q", "2", 2);
    CHECK(run.drain() == "+1\n+2");
}

TEST_CASE("amqp publisher: a message that waits for others also waits for a blocked broker") {
    const std::string blocked = peer::method(0, 10, 60, peer::short_text("low on memory"));
    support::Gate seen;
    Published run({after(opened(), {peer::read_frames(3), support::send(blocked + peer::ack(2)), seen.step(),
                                    support::send(peer::method(0, 10, 61)), peer::read_frames(3),
                                    support::send(peer::ack(3)), peer::confirm_close()})});
    run.send("q", "1", 1);
    run.wait_for_room();
    run.publisher->publish({.channel = "q", .payload = "2"}, 2);
    run.publisher->publish({.channel = "other/key", .payload = "3"}, 3);
    const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
    while (run.publisher->in_flight() > 1 && !give_up.passed()) {
        run.publisher->exchange();
        run.publisher->wait(base::Deadline::after(base::Milliseconds(20)), nullptr, {});
    }
    CHECK(run.publisher->loss().unknown == 0);
    CHECK(run.publisher->loss().not_sent == 1);
    seen.open();
    CHECK(run.drain() == "+1\n+2\n+3");
}

TEST_CASE("amqp publisher: each message that names its user goes out alone") {
    for (const bool named : {false, true}) {
        pubsub::PublisherOptions options;
        if (named) {
            options.amqp.properties = {{"user_id", "ada"}};
        }
        Published run({after(opened(), {support::stall()})}, options);
        run.send("q", "1", 1);
        run.wait_for_room();
        run.publisher->publish({.channel = "q", .payload = "2"}, 2);
        CHECK(run.publisher->has_room() != named);
    }
}

TEST_CASE("amqp publisher: the rest of a message that was refused is not sent") {
    Published run(
        {{peer::log_in(), peer::read_frames(5),
          support::send(peer::channel_open_ok() + peer::select_ok() +
                        peer::channel_close(404, "NOT_FOUND - no exchange 'nope'")),
          peer::read_frames(1 + 5), support::send(peer::channel_open_ok() + peer::select_ok() + peer::ack(1)),
          peer::confirm_close()}});
    run.publisher->publish({.channel = "nope/key", .payload = "ab", .more = true, .size = 4}, 1);
    CHECK(run.drain() == "-1 channel: 404 NOT_FOUND - no exchange 'nope'");
    run.publisher->publish({.channel = "nope/key", .payload = "cd"}, 1);
    run.send("q", "next", 2);
    CHECK(run.drain() == "-1 channel: 404 NOT_FOUND - no exchange 'nope'\n+2");
    for (const auto& one : run.server.received()) {
        CHECK(one.head != peer::body("cd"));
    }
}

TEST_CASE("amqp publisher: a large message is cut into frames, also if it comes in pieces") {
    const std::string large(10'000, 'L');
    Published run({{peer::log_in(peer::tune(0, 4'096, 0)), peer::read_frames(2 + 2 + 3),
                    support::send(peer::channel_open_ok() + peer::select_ok() + peer::ack(1)),
                    peer::read_frames(2 + 4), support::send(peer::ack(2)), peer::confirm_close()}});
    run.send("q", large, 1);
    CHECK(run.drain() == "+1");
    pubsub::Message piece{.channel = "q", .payload = std::string_view(large).substr(0, 5'000), .more = true};
    piece.size = large.size();
    run.publisher->publish(piece, 2);
    CHECK(run.publisher->has_room());
    run.publisher->publish({.channel = "q", .payload = std::string_view(large).substr(5'000)}, 2);
    CHECK(run.drain() == "+1\n+2");
    std::string bodies;
    std::size_t frames = 0;
    for (const auto& one : run.server.received()) {
        if (one.head[0] == 3) {
            CHECK(one.head.size() <= 4'096);
            bodies += one.head.substr(7, one.head.size() - 8);
            ++frames;
        }
    }
    CHECK(frames == 7);
    CHECK(bodies == large + large);
}

TEST_CASE("amqp publisher: a reset after any number of bytes leaves the message unknown, never accepted") {
    const std::size_t whole = 13 + 13 + 22 + 23 + 9;  // open, select, publish, header, body
    for (std::size_t bytes = 1; bytes <= whole; ++bytes) {
        Published run({{peer::log_in(),
                        [bytes](support::Connection& connection) {
                            std::string got;
                            connection.read_count(bytes, got);
                        },
                        support::reset()}});
        run.send("queue", "x", 1);
        CHECK(run.drain().empty());
        CHECK(run.publisher->broken());
        CHECK(run.publisher->in_flight() == 1);
        const pubsub::Loss loss = run.publisher->loss();
        CHECK(loss.unknown + loss.not_sent == 1);
    }
}

TEST_CASE(
    "amqp publisher: a connection that is lost in the middle of a refused message is told with its cause") {
    std::promise<void> half_sent;
    const support::Step wait = [&half_sent](support::Connection&) { half_sent.get_future().wait(); };
    Published run({after(opened(), {wait, support::cut()})});
    run.send("q", "1", 1);
    run.wait_for_room();
    const std::string channel(300, 'q');
    run.publisher->publish({.channel = channel, .payload = "half", .more = true, .size = 8}, 2);
    half_sent.set_value();
    run.wait_until_broken();
    CHECK(run.publisher->broken());
    CHECK(run.publisher->loss().unknown == 0);
    CHECK_FALSE(run.publisher->loss().why.why.empty());
}
