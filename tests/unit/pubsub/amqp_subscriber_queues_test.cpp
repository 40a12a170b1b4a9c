#include <string>
#include <utility>
#include <vector>

#include "tests/support/gate.h"
#include "tests/support/process.h"
#include "tests/unit/pubsub/amqp_subscribed.h"

// Queues that are missing, deleted or moving, and streams.

using namespace hail;
using base::Exit;
using pubsub::AmqpConsuming;
namespace peer = hail::support::amqp;
using peer::Fault;
using peer::fault_after;
using peer::fault_in;
using peer::queue_answers;
using peer::queue_script;
using peer::Subscribed;

namespace {

std::string with_offset(std::uint64_t tag, std::uint64_t offset, const std::string& payload) {
    const std::string table = peer::short_text("x-stream-offset") + "l" + peer::u64(offset);
    return peer::deliver("ctag", tag, "", "q") + peer::header(payload.size(), peer::headers(table)) +
           peer::body(payload);
}

}  // namespace

TEST_CASE("amqp subscriber: a missing queue is named, and made if that is wanted") {
    const std::string missing = peer::channel_open_ok() + peer::qos_ok() +
                                peer::channel_close(404, "NOT_FOUND - no queue 'q' in vhost '/'", 1, 50, 10);
    Subscribed run({{peer::log_in(), peer::read_frames(4), support::send(missing), support::stall()}});
    const Fault fault = fault_in([&] { run.receive(1); });
    CHECK(fault.exit == Exit::refused);
    CHECK(support::mentions(fault.text, "no queue 'q'"));
    CHECK(support::mentions(fault.hint, "--declare"));

    pubsub::SubscriberOptions options;
    options.amqp.declare = pubsub::AmqpDeclaration{.queue_type = pubsub::AmqpDeclaration::QueueType::quorum};
    Subscribed made({{peer::log_in(), peer::read_frames(4), support::send(missing), peer::read_frames(1 + 4),
                      support::send(queue_answers + peer::delivery("ctag", 1, "q", "x")), support::stall()}},
                    {"q"}, options);
    CHECK(made.receive(1) == "q|x\n");
    CHECK(made.server.received()[11].head ==
          peer::method(
              1, 50, 10,
              peer::u16(0) + peer::short_text("q") + peer::u8(2) +
                  peer::long_text(peer::short_text("x-queue-type") + "S" + peer::long_text("quorum"))));
}

TEST_CASE("amqp subscriber: a queue that is deleted is consumed again, and named if it is gone") {
    const std::string cancel = peer::method(1, 60, 30, peer::short_text("ctag") + peer::u8(1));
    Subscribed back({queue_script(cancel, {peer::read_frames(2),
                                           support::send(peer::declare_ok("q") + peer::consume_ok("new") +
                                                         peer::delivery("new", 1, "q", "x")),
                                           support::stall()})});
    CHECK(back.receive(1) == "q|x\n");
    Subscribed gone(
        {queue_script(cancel, {peer::read_frames(2),
                               support::send(peer::channel_close(404, "NOT_FOUND - no queue 'q'", 1, 50, 10)),
                               support::stall()})});
    const Fault fault = fault_in([&] { gone.receive(1); });
    CHECK(fault.exit == Exit::refused);
    CHECK(support::mentions(fault.text, "queue 'q' was deleted"));
}

TEST_CASE("amqp subscriber: each of several queues keeps its consumer tag when it is consumed again") {
    const auto cancel = [](const std::string& tag) {
        return peer::method(1, 60, 30, peer::short_text(tag) + peer::u8(1));
    };
    Subscribed run(
        {{peer::log_in(), peer::read_frames(6),
          support::send(peer::channel_open_ok() + peer::qos_ok() + peer::declare_ok("a") +
                        peer::declare_ok("b") + peer::consume_ok("hail-1") + peer::consume_ok("hail-2") +
                        cancel("hail-1") + cancel("hail-2")),
          peer::read_frames(4),
          support::send(peer::declare_ok("a") + peer::declare_ok("b") + peer::consume_ok("hail-2") +
                        peer::consume_ok("hail-1") + peer::delivery("hail-1", 1, "a", "x")),
          support::stall()}},
        {"a", "b"});
    CHECK(run.receive(1) == "a|x\n");
    const auto received = run.server.received();
    const auto consume = [](const std::string& queue, const std::string& tag) {
        return peer::method(
            1, 60, 20,
            peer::u16(0) + peer::short_text(queue) + peer::short_text(tag) + peer::u8(0) + peer::u32(0));
    };
    CHECK(received.at(11).head == consume("a", "hail-1"));
    CHECK(received.at(13).head == consume("b", "hail-2"));
}

TEST_CASE("amqp subscriber: a closed channel takes with it the messages that wait to be given back") {
    const std::string cancel = peer::method(1, 60, 30, peer::short_text("ctag") + peer::u8(1));
    pubsub::SubscriberOptions options;
    options.amqp.on_failure = AmqpConsuming::OnFailure::requeue;
    options.amqp.declare = pubsub::AmqpDeclaration();
    support::Gate failed;
    Subscribed run(
        {queue_script(
            peer::delivery("ctag", 1, "q", "old"),
            {failed.step(), support::send(cancel), peer::read_frames(2),
             support::send(peer::channel_close(404, "NOT_FOUND - no queue 'q' in vhost '/'", 1, 50, 10)),
             peer::read_frames(5), support::send(queue_answers + peer::delivery("ctag", 1, "q", "new")),
             peer::read_frames(1), support::stall()})},
        {"q"}, options);
    run.receive(1);
    run.subscriber->settle(run.messages.deliveries[0], pubsub::Settlement::failed);
    failed.open();
    CHECK(run.receive(2) == "q|old\nq|new\n");
    const auto due = base::Deadline::after(base::Milliseconds(1'100));
    run.receive_until([&] { return due.passed(); });
    run.subscriber->settle(run.messages.deliveries[1], pubsub::Settlement::done);
    run.subscriber->receive();
    run.server.wait_for_requests(16);
    CHECK(run.server.received().at(15).head == peer::ack(1, true));
}

TEST_CASE("amqp subscriber: beside other queues, one that was deleted is made on a new connection") {
    const std::string cancel = peer::method(1, 60, 30, peer::short_text("hail-2") + peer::u8(1));
    pubsub::SubscriberOptions options;
    options.amqp.declare = pubsub::AmqpDeclaration();
    const std::string gone = "NOT_FOUND - no queue 'b' in vhost '/'";
    Subscribed run(
        {{peer::log_in(), peer::read_frames(6),
          support::send(peer::channel_open_ok() + peer::qos_ok() + peer::declare_ok("a") +
                        peer::declare_ok("b") + peer::consume_ok("hail-1") + peer::consume_ok("hail-2") +
                        peer::delivery("hail-1", 1, "a", "1") + cancel),
          peer::read_frames(2), support::send(peer::channel_close(404, gone, 1, 50, 10)), support::stall()}},
        {"a", "b"}, options);
    const Fault fault = fault_in([&] { run.receive(99); });
    CHECK(fault.lost);
    CHECK(support::mentions(fault.text, gone));
}

TEST_CASE("amqp subscriber: a queue whose process does not run yet is tried again") {
    for (const char* const state :
         {"home node 'a@b' of durable queue 'q' in vhost '/' is down or inaccessible",
          "queue 'q' in vhost '/' process is stopped by supervisor",
          "failed to perform operation on queue 'q' in vhost '/' due to timeout"}) {
        const std::string close = peer::channel_close(404, "NOT_FOUND - " + std::string(state), 1, 50, 10);
        Subscribed run({{peer::log_in(), peer::read_frames(4),
                         support::send(peer::channel_open_ok() + peer::qos_ok() + close), support::stall()}});
        try {
            run.receive(1);
            FAIL_CHECK("it went on");
        } catch (const pubsub::ConnectionLost& lost) {
            CHECK(lost.exit() == Exit::refused);
            CHECK_MESSAGE(support::mentions(lost.what(), state), lost.what());
        }
    }
}

TEST_CASE("amqp subscriber: the answers of queues may come in another order than their questions") {
    Subscribed run(
        {{peer::log_in(), peer::read_frames(6),
          support::send(peer::channel_open_ok() + peer::qos_ok() + peer::declare_ok("a") +
                        peer::declare_ok("b") + peer::consume_ok("hail-2") + peer::consume_ok("hail-1") +
                        peer::delivery("hail-1", 1, "x", "1") + peer::delivery("hail-2", 2, "y", "2")),
          support::stall()}},
        {"a", "b"});
    CHECK(run.receive(2) == "x|1\ny|2\n");
}

TEST_CASE("amqp subscriber: a stream goes on after the last message, without gaps and duplicates") {
    pubsub::SubscriberOptions options;
    options.amqp.offset = "first";
    Subscribed run({queue_script(with_offset(1, 40, "a") + with_offset(2, 41, "b")),
                    queue_script(with_offset(1, 42, "c"))},
                   {"q"}, options);
    run.receive(2);
    CHECK(run.subscriber->resumes());
    run.open();
    CHECK(run.receive(3) == "q|a|40\nq|b|41\nq|c|42\n");
    const auto received = run.server.received();
    const std::string offset = peer::short_text("x-stream-offset");
    CHECK(support::mentions(received[7].head, offset + "S" + peer::long_text("first")));
    CHECK(support::mentions(received[15].head, offset + "I" + peer::u32(42)));
}

TEST_CASE("amqp subscriber: messages of a lost connection come again from a queue, but not from a stream") {
    const std::string again = "warning: 1 message was not acknowledged";
    for (const bool stream : {false, true}) {
        const std::string first = stream ? with_offset(1, 40, "a") : peer::delivery("ctag", 1, "q", "a");
        Subscribed run({queue_script(first, {support::cut()}), queue_script("")});
        CHECK(fault_in([&] { run.receive(2); }).lost);
        run.open();
        CHECK(support::mentions(run.messages.text, again) != stream);
    }
}

TEST_CASE("amqp subscriber: a stream that cannot take a message back is told") {
    const Fault fault =
        fault_after(peer::close(540, "NOT_IMPLEMENTED - basic.nack and basic.reject not supported"));
    CHECK(fault.exit == Exit::refused);
    CHECK(fault.hint == "a stream takes no message back: leave out --on-failure");
}

TEST_CASE("amqp subscriber: messages that came out of a stream once do not make a queue one") {
    const std::string no_stream =
        peer::channel_open_ok() + peer::qos_ok() + peer::declare_ok("q") +
        peer::channel_close(406, "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'q'", 1, 60,
                            20);
    Subscribed run({queue_script(with_offset(1, 40, "a") + with_offset(2, 7, "b")),
                    {peer::log_in(), peer::read_frames(4), support::send(no_stream), support::stall()},
                    queue_script(with_offset(1, 3, "c"))});
    CHECK(run.receive(2) == "q|a|40\nq|b|7\n");
    run.open();
    CHECK(fault_in([&] { run.receive(3); }).lost);
    run.open();
    run.receive(3);
    CHECK(run.messages.text.ends_with("\nq|c\n"));
    CHECK_FALSE(support::mentions(run.server.received().back().head, "x-stream-offset"));
}

TEST_CASE("amqp subscriber: a stream without a known place does not resume") {
    for (const char* offset : {"first", "5", "next", "last"}) {
        CAPTURE(offset);
        pubsub::SubscriberOptions options;
        options.amqp.offset = offset;
        Subscribed run({queue_script(with_offset(1, 40, "a"))}, {"q"}, options);
        const bool known = offset == std::string("first") || offset == std::string("5");
        CHECK(run.subscriber->resumes() == known);
        run.receive(1);
        CHECK(run.subscriber->resumes());
    }
}
