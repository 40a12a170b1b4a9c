#include <string>
#include <utility>
#include <vector>

#include "tests/support/gate.h"
#include "tests/support/process.h"
#include "tests/unit/pubsub/amqp_subscribed.h"

using namespace hail;
using base::Exit;
using pubsub::AmqpConsuming;
using support::Peer;
using support::Script;
namespace peer = hail::support::amqp;
using peer::Fault;
using peer::fault_after;
using peer::fault_in;
using peer::Messages;
using peer::queue_answers;
using peer::queue_script;
using peer::Subscribed;

TEST_CASE("amqp subscriber: messages may come with the last confirmation, and are acknowledged together") {
    Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "one") + peer::delivery("ctag", 2, "q", ""),
                                 {peer::read_frames(2), support::send(peer::close_ok()), support::stall()})});
    CHECK(run.receive(2) == "q|one\nq|\n");
    CHECK_FALSE(run.subscriber->settled());
    for (const std::uint64_t delivery : run.messages.deliveries) {
        run.subscriber->settle(delivery, pubsub::Settlement::done);
    }
    run.finish();
    const auto received = run.server.received();
    REQUIRE(received.size() == 10);
    CHECK(received[4].head == peer::method(1, 20, 10, peer::short_text("")));
    CHECK(received[5].head == peer::method(1, 60, 10, peer::u32(0) + peer::u16(1'000) + peer::u8(0)));
    CHECK(received[6].head ==
          peer::method(1, 50, 10, peer::u16(0) + peer::short_text("q") + peer::u8(1) + peer::u32(0)));
    CHECK(received[7].head == peer::method(1, 60, 20,
                                           peer::u16(0) + peer::short_text("q") + peer::short_text("") +
                                               peer::u8(0) + peer::u32(0)));
    CHECK(received[8].head == peer::ack(2, true));
    CHECK(received[9].head.substr(7, 4) == std::string("\0\x0A\0\x32", 4));
}

TEST_CASE("amqp subscriber: bindings share a temporary queue, and its name is nobody's business") {
    Subscribed run(
        {{peer::log_in(), peer::read_frames(6),
          support::send(peer::channel_open_ok() + peer::qos_ok() + peer::declare_ok("amq.gen-x") +
                        peer::bind_ok() + peer::bind_ok() + peer::consume_ok("t") +
                        peer::deliver("t", 1, "logs", "a.b", true) + peer::header(1) + peer::body("x")),
          support::stall()}},
        {"logs/a.*", "logs/#"});
    CHECK(run.receive(1) == "logs/a.b|x|again\n");
    CHECK_FALSE(run.subscriber->resumes());
    const auto received = run.server.received();
    CHECK(received[6].head ==
          peer::method(1, 50, 10, peer::u16(0) + peer::short_text("") + peer::u8(4 + 8) + peer::u32(0)));
    CHECK(received[7].head == peer::method(1, 50, 20,
                                           peer::u16(0) + peer::short_text("") + peer::short_text("logs") +
                                               peer::short_text("a.*") + peer::u8(0) + peer::u32(0)));
}

TEST_CASE("amqp subscriber: properties and headers are decoded for a sink that shows them") {
    const std::string table =
        peer::short_text("n") + "I" + peer::u32(7) + peer::short_text("s") + "S" + peer::long_text("text");
    const std::string properties = peer::u16((1U << 15U) | (1U << 13U) | (1U << 12U)) +
                                   peer::short_text("a/b") + peer::long_text(table) + peer::u8(2);
    const std::string bytes =
        peer::deliver("ctag", 1, "", "q") + peer::header(1, properties) + peer::body("x");
    Subscribed run({queue_script(bytes), queue_script(bytes)});
    CHECK(run.receive(1) == "q|x\n");
    run.messages.properties = true;
    run.messages.text.clear();
    run.open();
    CHECK(run.receive(2) == "q|x\n content_type=a/b\n delivery_mode=2\n n=7\n s=text\n");
}

TEST_CASE("amqp subscriber: a message is whole however its frames are cut") {
    const std::string bytes = peer::deliver("ctag", 1, "", "q") + peer::header(6) + peer::body("ab") +
                              peer::body("cd") + peer::body("ef") + peer::delivery("ctag", 2, "q", "next");
    Subscribed dripped({queue_script("", {support::drip(bytes, base::Milliseconds(0)), support::stall()})});
    CHECK(dripped.receive(2) == "q|abcdef\nq|next\n");
    Subscribed pieces({queue_script(bytes)});
    pieces.messages.pieces = true;
    CHECK(pieces.receive(2) == "q|ab...q|cd...q|ef\nq|next\n");
}

TEST_CASE("amqp subscriber: properties survive the reads of the body, also if the header came late") {
    const std::string properties = peer::u16(1U << 15U) + peer::short_text("a/b");
    const std::string piece(100'000, 'x');
    support::Gate announced;
    support::Gate begun;
    Subscribed run(
        {queue_script(peer::deliver("ctag", 1, "", "q") + peer::header(1, properties) + peer::body("x"),
                      {announced.step(), support::send(peer::deliver("ctag", 2, "", "q")), begun.step(),
                       support::send(peer::header(3 * piece.size(), properties) + peer::body(piece) +
                                     peer::body(piece) + peer::body(piece)),
                       support::stall()})});
    run.messages.properties = run.messages.pieces = true;
    run.receive(1);
    announced.open();
    run.receive_until([&] { return run.subscriber->in_message(); });
    begun.open();
    run.receive(2);
    const std::string shown = " content_type=a/b\n";
    CHECK(run.messages.text == "q|x\n" + shown + "q|" + piece + "..." + shown + "q|" + piece + "..." + shown +
                                   "q|" + piece + "\n" + shown);
}

TEST_CASE("amqp subscriber: too large a message is skipped and stays in its queue") {
    Subscribed run(
        {queue_script(peer::delivery("ctag", 1, "q", "too large") + peer::delivery("ctag", 2, "q", "ok"))},
        {"q"}, {.max_message = 5});
    CHECK(run.receive(1) ==
          "warning: a message of 9 bytes for 'q' is skipped: --max-message allows 5; it stays in "
          "its queue\nq|ok\n");
    CHECK(run.messages.deliveries.size() == 1);
    pubsub::SubscriberOptions forgetful{.max_message = 5};
    forgetful.amqp.ack = AmqpConsuming::Ack::delivery;
    Subscribed lost(
        {queue_script(peer::delivery("ctag", 1, "q", "too large") + peer::delivery("ctag", 2, "q", "ok"))},
        {"q"}, forgetful);
    CHECK(lost.receive(1) ==
          "warning: a message of 9 bytes for 'q' is skipped: --max-message allows 5; it is lost because of "
          "--ack delivery\nq|ok\n");
}

TEST_CASE("amqp subscriber: when nothing more can come because of skipped messages, that is said once") {
    pubsub::SubscriberOptions options{.max_message = 5};
    options.amqp.prefetch = 2;
    Subscribed run(
        {queue_script(peer::delivery("ctag", 1, "q", "too large") + peer::delivery("ctag", 2, "q", "short") +
                      peer::delivery("ctag", 3, "q", "too large"))},
        {"q"}, options);
    const std::string full = "warning: no more messages come: those that are skipped fill --prefetch 2\n";
    run.receive_until([&] { return run.messages.text.ends_with(full); });
    CHECK(run.messages.text.find(full) + full.size() == run.messages.text.size());
}

TEST_CASE("amqp subscriber: frames that fit nothing end the run") {
    const std::string deliver = peer::deliver("ctag", 1, "", "q");
    const auto fault = [](const std::string& bytes) {
        const Fault found = fault_after(bytes);
        CHECK(found.exit == Exit::bad_reply);
        return found.text;
    };
    CHECK(support::mentions(fault(peer::header(1)), "header of a message that it had not announced"));
    CHECK(support::mentions(fault(peer::body("x")), "body of a message that it had not announced"));
    CHECK(support::mentions(fault(deliver + peer::body("x")), "body of a message that it had not announced"));
    CHECK(support::mentions(fault(deliver + deliver), "broke off a message"));
    CHECK(support::mentions(fault(deliver + peer::header(1) + peer::header(1)), "had not announced"));
    CHECK(support::mentions(fault(deliver + peer::header(1) + peer::body("xx")),
                            "longer than it had announced"));
    CHECK(support::mentions(fault(deliver + peer::header(2) + peer::body("x") + peer::ack(1)),
                            "broke off a message"));
    CHECK(support::mentions(fault(deliver + peer::frame(2, 1, "x")), "with a header that does not fit"));
    CHECK(support::mentions(fault(peer::deliver("other", 1, "", "q")),
                            "a message for a consumer that does not exist"));
    CHECK(support::mentions(fault(peer::deliver("ctag", 2, "", "q")), "sent delivery 2 instead of 1"));
    CHECK(support::mentions(fault(peer::deliver("ctag", 0, "", "q")), "sent delivery 0 instead of 1"));
    CHECK(support::mentions(fault(peer::ack(1)), "basic.ack, which fits nothing"));
    CHECK(support::mentions(fault(peer::consume_ok("again")), "basic.consume-ok, which fits nothing"));
    CHECK(support::mentions(fault(peer::method(1, 60, 60, peer::short_text("ctag"))),
                            "basic.deliver that is cut short"));
    CHECK(support::mentions(fault(peer::method(1, 60, 30, peer::short_text("other") + peer::u8(1))),
                            "does not exist"));
    CHECK(support::mentions(fault(peer::channel_open_ok(2)), "a frame on a channel that is not open"));
    const std::string bad_table = peer::headers(peer::short_text("n") + "q");
    CHECK(
        support::mentions(fault(deliver + peer::header(1, bad_table) + peer::body("x")), "an unknown type"));
}

TEST_CASE("amqp subscriber: a lost connection is told, and another subscriber can go on") {
    const Fault ended = fault_after(peer::delivery("ctag", 1, "q", "x"));
    CHECK(ended.lost);
    CHECK(ended.exit == Exit::unknown);
    const Fault forced = fault_after(peer::close(320, "CONNECTION_FORCED - maintenance now"));
    CHECK(forced.lost);
    CHECK(support::mentions(forced.text, "320 CONNECTION_FORCED - maintenance now"));
    const Fault refused = fault_after(peer::close(540, "NOT_IMPLEMENTED - no_ack"));
    CHECK_FALSE(refused.lost);
    CHECK(refused.exit == Exit::refused);
    CHECK(support::mentions(fault_after(peer::close(501, "FRAME_ERROR")).hint, "please report"));
    const Fault late =
        fault_after(peer::channel_close(406, "PRECONDITION_FAILED - ack on channel 1 timed out", 1, 0, 0));
    CHECK(late.lost);
    CHECK(support::mentions(late.hint, "--prefetch 1"));
}

TEST_CASE("amqp subscriber: a server that is silent for two heartbeats is lost") {
    Subscribed run({{peer::log_in(peer::tune(2047, 131'072, 1)), peer::read_frames(4),
                     support::send(queue_answers), support::stall()}});
    const Fault fault = fault_in([&] { run.receive(1); });
    CHECK(fault.lost);
    CHECK(support::mentions(fault.text, "the server has been silent for 2"));
}

TEST_CASE("amqp subscriber: a reader that was busy for two heartbeats finds what came meanwhile") {
    support::Gate busy;
    Subscribed run(
        {{peer::log_in(peer::tune(2047, 131'072, 1)), peer::read_frames(4), support::send(queue_answers),
          busy.step(), support::send(peer::delivery("ctag", 1, "q", "x")), support::stall()}});
    run.receive(0);
    busy.open();
    base::Stop().sleep(base::Milliseconds(2'100));
    CHECK(fault_in([&] {
              run.subscriber->wait(base::Deadline::after(base::Milliseconds(1)), nullptr, {});
          }).text.empty());
    CHECK(run.receive(1) == "q|x\n");
}

TEST_CASE("amqp subscriber: the next connection tells how many messages may come again") {
    const std::string two = peer::delivery("ctag", 1, "q", "a") + peer::delivery("ctag", 2, "q", "b");
    Subscribed run({queue_script(two, {support::cut()}), queue_script("")});
    CHECK(fault_in([&] { run.receive(3); }).lost);
    run.open();
    CHECK(run.messages.text ==
          "q|a\nq|b\nwarning: 2 messages were not acknowledged before the connection was "
          "lost, and may come again\n");
}

TEST_CASE("amqp subscriber: acknowledgements of an earlier connection are dropped") {
    auto options = pubsub::SubscriberOptions();
    Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "a") + peer::delivery("ctag", 2, "q", "b")),
                    queue_script(peer::deliver("ctag", 1, "", "q", true) + peer::header(1) + peer::body("b"),
                                 {peer::read_frames(2), support::send(peer::close_ok()), support::stall()})},
                   {"q"}, options);
    run.receive(2);
    run.open();
    run.receive(3);
    for (const std::uint64_t delivery : run.messages.deliveries) {
        run.subscriber->settle(delivery, pubsub::Settlement::done);
    }
    run.finish();
    CHECK(run.messages.deliveries == std::vector<std::uint64_t>{1, 2, 3});
    const auto received = run.server.received();
    CHECK(received[received.size() - 2].head == peer::ack(1, true));
}

TEST_CASE("amqp subscriber: a failed message of an earlier connection stops the run as well") {
    Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "a"), {support::cut()}), queue_script("")});
    run.receive(1);
    CHECK(fault_in([&] { run.receive(2); }).lost);
    run.open();
    run.receive(1);
    const std::uint64_t delivery = run.messages.deliveries[0];
    const Fault stopped = fault_in([&] { run.subscriber->settle(delivery, pubsub::Settlement::failed); });
    CHECK(stopped.exit == Exit::unexpected);
    run.subscriber->stop_reading();
    CHECK_NOTHROW(run.subscriber->settle(delivery, pubsub::Settlement::failed));
}

TEST_CASE("amqp subscriber: failed messages stop the run, are given back or rejected") {
    const auto run_with = [](AmqpConsuming::OnFailure on_failure, std::size_t frames) {
        pubsub::SubscriberOptions options;
        options.amqp.on_failure = on_failure;
        return std::make_unique<Subscribed>(
            std::vector<Script>{
                queue_script(peer::delivery("ctag", 1, "q", "a") + peer::delivery("ctag", 2, "q", "b"),
                             {peer::read_frames(frames), support::stall()})},
            std::vector<std::string>{"q"}, options);
    };
    auto stopping = run_with(AmqpConsuming::OnFailure::stop, 0);
    stopping->receive(2);
    const Fault stopped = fault_in([&] { stopping->subscriber->settle(1, pubsub::Settlement::failed); });
    CHECK(stopped.exit == Exit::unexpected);
    CHECK(support::mentions(stopped.text, "a message was not handled, and stays in its queue"));

    auto rejecting = run_with(AmqpConsuming::OnFailure::reject, 2);
    rejecting->receive(2);
    rejecting->subscriber->settle(1, pubsub::Settlement::failed);
    rejecting->subscriber->settle(2, pubsub::Settlement::done);
    rejecting->subscriber->receive();
    rejecting->server.wait_for_requests(10);
    CHECK(rejecting->server.received()[8].head == peer::nack(1));
    CHECK(rejecting->server.received()[9].head == peer::ack(2, true));

    auto requeueing = run_with(AmqpConsuming::OnFailure::requeue, 2);
    requeueing->receive(2);
    requeueing->subscriber->settle(1, pubsub::Settlement::failed);
    requeueing->subscriber->settle(2, pubsub::Settlement::done);
    requeueing->receive_until([&] { return requeueing->server.received().size() >= 10; });
    CHECK(requeueing->server.received()[8].head == peer::ack(2, false));
    CHECK(requeueing->server.received()[9].head == peer::method(1, 60, 120, peer::u64(1) + peer::u8(2)));
}

TEST_CASE("amqp subscriber: a short pause is not kept waiting by a longer one before it") {
    pubsub::SubscriberOptions options;
    options.amqp.on_failure = AmqpConsuming::OnFailure::requeue;
    std::string deliveries;
    for (std::uint64_t tag = 1; tag <= 4; ++tag) {
        deliveries += peer::delivery("ctag", tag, "q", "x");
    }
    Subscribed run({queue_script(deliveries, {peer::read_frames(4), support::stall()})}, {"q"}, options);
    run.receive(4);
    run.subscriber->settle(1, pubsub::Settlement::failed);  // for 1 s
    run.subscriber->settle(2, pubsub::Settlement::failed);  // for 2 s
    run.subscriber->settle(3, pubsub::Settlement::done);
    run.subscriber->settle(4, pubsub::Settlement::failed);  // for 1 s again
    run.receive_until([&] { return run.server.received().size() >= 12; });
    CHECK(run.server.received()[10].head == peer::method(1, 60, 120, peer::u64(4) + peer::u8(2)));
    CHECK(run.server.received()[11].head == peer::method(1, 60, 120, peer::u64(2) + peer::u8(2)));
}

TEST_CASE("amqp subscriber: without a connection, nothing is due to be given back") {
    pubsub::SubscriberOptions options;
    options.amqp.on_failure = AmqpConsuming::OnFailure::requeue;
    support::Gate failed;
    Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "x"), {failed.step(), support::cut()})},
                   {"q"}, options);
    run.receive(1);
    run.subscriber->settle(1, pubsub::Settlement::failed);
    CHECK(run.subscriber->stay_alive().poll_milliseconds() <= 1'000);
    failed.open();
    CHECK(fault_in([&] { run.receive(2); }).lost);
    CHECK(run.subscriber->stay_alive().poll_milliseconds() > 1'000);
}

TEST_CASE("amqp subscriber: without acknowledgements there is nothing to settle") {
    for (const auto ack : {AmqpConsuming::Ack::delivery, AmqpConsuming::Ack::never}) {
        pubsub::SubscriberOptions options;
        options.amqp.ack = ack;
        Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "a"))}, {"q"}, options);
        run.receive(1);
        CHECK(run.messages.deliveries == std::vector<std::uint64_t>{0});
        CHECK(run.subscriber->resumes() == (ack == AmqpConsuming::Ack::never));
        const bool no_ack = (run.server.received()[7].head[16] & 2) != 0;
        CHECK(no_ack == (ack == AmqpConsuming::Ack::delivery));
    }
}

TEST_CASE("amqp subscriber: messages that come after the end are counted if the broker has forgotten them") {
    using Ack = AmqpConsuming::Ack;
    for (const auto ack : {Ack::output, Ack::delivery, Ack::never}) {
        pubsub::SubscriberOptions options;
        options.amqp.ack = ack;
        const std::string second = peer::delivery("ctag", 2, "q", "bc");
        const std::string third = peer::delivery("ctag", 3, "q", "");
        const std::string begun = second.substr(0, second.size() - 2);
        const std::string cancelled = peer::method(1, 60, 31, peer::short_text("ctag"));
        const std::string rest = second.substr(begun.size()) + third;
        const support::Script tail{support::read_until(std::string("\0\x0A\0\x32", 4)),
                                   support::send((ack == Ack::delivery ? "" : rest) + peer::close_ok()),
                                   support::stall()};
        support::Script end{support::read_until(std::string("\0\x3C\0\x1E\4ctag", 9)),
                            support::send(rest + cancelled)};
        end.insert(end.end(), tail.begin(), tail.end());
        Subscribed run(
            {queue_script(peer::delivery("ctag", 1, "q", "a") + begun, ack == Ack::delivery ? end : tail)},
            {"q"}, options);
        run.receive(1);
        run.finish();
        const auto unread = run.subscriber->unread();
        REQUIRE(unread.has_value() == (ack == Ack::delivery));
        if (unread) {
            CHECK(unread->count == 2);
            CHECK(unread->all);
        }
    }
}

TEST_CASE("amqp subscriber: wrong offsets, names and arguments are refused before connecting") {
    Peer server({});
    Messages messages;
    const base::Stop stop;
    const auto fault = [&](const std::string& channel, const pubsub::SubscriberOptions& options) {
        const Fault found = fault_in([&] {
            pubsub::open_subscriber(peer::broker_of(server), {.channels = {channel}, .patterns = {}}, options,
                                    messages, stop);
        });
        CHECK(found.exit == Exit::usage);
        return found.text;
    };
    CHECK(support::mentions(fault("", {}), "the name of a queue is empty"));
    CHECK(support::mentions(fault(std::string(300, 'q'), {}), "longer than 255 bytes"));
    CHECK(support::mentions(fault("q\xFF", {}), "queue 'q\\xff': it is not UTF-8"));
    CHECK(support::mentions(fault("e/k\xFF", {}), "key 'k\\xff': it is not UTF-8"));
    pubsub::SubscriberOptions options;
    options.amqp.offset = "soon";
    CHECK(support::mentions(fault("q", options), "'soon' is not a place in a stream"));
    options.amqp.offset = "";
    options.amqp.queue = std::string(300, 'q');
    CHECK(support::mentions(fault("q", options), "longer than 255 bytes"));
    options.amqp.queue = "";
    options.amqp.bind_headers = {{"x", "{", pubsub::Field::Kind::json}};
    CHECK(support::mentions(fault("e/k", options), "bind header 'x' is not JSON"));
    CHECK(server.connections() == 0);
}

TEST_CASE("amqp offsets: words, numbers, times and durations") {
    using Kind = pubsub::AmqpOffset::Kind;
    CHECK(pubsub::parse_offset("last").word == "last");
    CHECK(pubsub::parse_offset("1234").number == 1234);
    CHECK(pubsub::parse_offset("1234").kind == Kind::number);
    CHECK(pubsub::parse_offset("2026-01-02T03:04:05Z").number == 1'767'323'045);
    CHECK(pubsub::parse_offset("2026-01-02 03:04:05").number == 1'767'323'045);
    const auto ago = pubsub::parse_offset("10m");
    CHECK(ago.kind == Kind::time);
    CHECK(ago.number > 1'700'000'000);
    for (const char* const wrong : {"", "soon", "-1", "2026-13-01", "1e3"}) {
        CHECK_THROWS_AS(pubsub::parse_offset(wrong), base::Error);
    }
}

TEST_CASE("amqp subscriber: a channel that ends instead of its consumers leaves an open number") {
    pubsub::SubscriberOptions options;
    options.amqp.ack = AmqpConsuming::Ack::delivery;
    Subscribed run({queue_script(peer::delivery("ctag", 1, "q", "a"),
                                 {support::read_until(std::string("\0\x3C\0\x1E\4ctag", 9)),
                                  support::send(peer::delivery("ctag", 2, "q", "b") +
                                                peer::channel_close(406, "PRECONDITION_FAILED")),
                                  support::read_until(std::string("\0\x0A\0\x32", 4)),
                                  support::send(peer::close_ok()), support::stall()})},
                   {"q"}, options);
    run.receive(1);
    run.finish();
    const auto unread = run.subscriber->unread();
    REQUIRE(unread.has_value());
    CHECK(unread->count == 1);
    CHECK_FALSE(unread->all);
}

TEST_CASE("amqp subscriber: no delivery may be left out, also without acknowledgements") {
    using Ack = AmqpConsuming::Ack;
    for (const auto ack : {Ack::output, Ack::delivery, Ack::never}) {
        pubsub::SubscriberOptions options;
        options.amqp.ack = ack;
        Subscribed run(
            {queue_script(peer::delivery("ctag", 1, "q", "a") + peer::delivery("ctag", 3, "q", "c"))}, {"q"},
            options);
        const Fault fault = fault_in([&] { run.receive(2); });
        CHECK(fault.exit == Exit::bad_reply);
        CHECK_MESSAGE(fault.text.find("delivery 3 instead of 2") != std::string::npos, fault.text);
    }
}
