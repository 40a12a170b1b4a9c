#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// Queues: what is delivered, acknowledged and kept.

using namespace hail::support;

TEST_CASE("rabbit subscribe: messages of a queue come in order, and are gone when they are written") {
    const RabbitServer server;
    const RabbitQueue queue(server, "jobs");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n4\n5\n").code == 0);
    const Outcome first = rabbit_hail({"subscribe", server.address(), queue, "--count", "2"});
    CHECK(first.code == 0);
    CHECK(first.out == "1\n2\n");
    // The broker had sent all of them.
    const Outcome rest = rabbit_hail(
        {"subscribe", server.address(), queue, "--count", "3", "--format", "{payload} {redelivered}"});
    CHECK(rest.out == "3 true\n4 true\n5 true\n");
    CHECK(server.take(queue, 5) == "[]");
}

TEST_CASE("rabbit subscribe: a killed reader loses nothing") {
    const RabbitServer server;
    const RabbitQueue queue(server, "killed");
    std::string lines;
    for (int i = 0; i < 3'000; ++i) {
        lines += std::to_string(i) + std::string(100, '.') + "\n";
    }
    CHECK(rabbit_hail({"publish", server.address(), queue}, lines + "end\n").code == 0);
    int read = 0;
    {
        // It cannot write more than a pipe holds.
        RabbitListener listener({server.address(), queue});
        CHECK(listener.process.read_line().value_or("").starts_with("0."));
        listener.process.signal(SIGKILL);
        for (read = 1; listener.process.read_line(); ++read) {
        }
    }
    CHECK(read < 3'000);
    RabbitListener next({server.address(), queue, "--format", "{redelivered} {payload}"});
    const std::string first = next.process.read_line().value_or("");
    const int again = std::stoi(first.substr(first.find(' ')));
    CHECK(first.starts_with("true "));
    CHECK(again <= read);
    for (int expected = again + 1; expected < 3'000; ++expected) {
        REQUIRE(mentions(next.process.read_line().value_or(""), " " + std::to_string(expected) + "."));
    }
    CHECK(next.process.read_line().value_or("").ends_with(" end"));
}

TEST_CASE("rabbit subscribe: a missing queue is refused, or declared") {
    const RabbitServer server;
    const RabbitQueue queue(server, "missing", RabbitQueue::undeclared);
    const Outcome missing = rabbit_hail({"subscribe", server.address(), queue});
    CHECK(missing.code == 1);
    CHECK_MESSAGE(mentions(missing.err, "no queue '" + queue + "'"), missing.err);
    CHECK_MESSAGE(mentions(missing.err, "--declare"), missing.err);
    RabbitListener listener({server.address(), queue, "--declare", "--count", "1"});
    server.publish(queue, "now");
    CHECK(listener.process.wait().out == "now\n");
}

TEST_CASE(
    "rabbit subscribe: a queue that is missing beside a full one is declared before any message comes") {
    const RabbitServer server;
    const RabbitQueue full(server, "full");
    const RabbitQueue missing(server, "missing", RabbitQueue::undeclared);
    CHECK(rabbit_hail({"publish", server.address(), full}, "1\n2\n3\n").code == 0);
    const Outcome outcome = rabbit_hail({"subscribe", server.address(), full, missing, "--declare", "--count",
                                         "3", "--format", "{payload} {redelivered}"});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(outcome.out == "1 false\n2 false\n3 false\n");
}

TEST_CASE("rabbit subscribe: --ack never leaves every message, and --ack delivery takes them all") {
    const RabbitServer server;
    const RabbitQueue queue(server, "acks");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n").code == 0);
    const std::vector<std::string> look{"subscribe", server.address(), queue, "--ack", "never", "--count"};
    for (int i = 0; i < 2; ++i) {
        std::vector<std::string> words = look;
        words.emplace_back("3");
        const Outcome looked = rabbit_hail(words);
        CHECK(looked.out == "1\n2\n3\n");
        CHECK_FALSE(mentions(looked.err, "warning"));
    }
    std::vector<std::string> too_many = look;
    too_many.insert(too_many.end(), {"3", "--prefetch", "1", "--for", "1s"});
    const Outcome stuck = rabbit_hail(too_many);
    CHECK(stuck.code == 2);
    CHECK_MESSAGE(mentions(stuck.err, "with --ack never, the broker sends one message and no more"),
                  stuck.err);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--ack", "delivery", "--count", "3"}).out ==
          "1\n2\n3\n");
    CHECK(server.take(queue, 5) == "[]");
}

TEST_CASE("rabbit subscribe: messages for a closed stdout or a full disk stay in their queue") {
    const RabbitServer server;
    const RabbitQueue queue(server, "closed");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n").code == 0);
    for (const std::string redirection : {">&-", ">/dev/full"}) {
        Command command = rabbit_command({"subscribe", server.address(), queue, "--count", "2"});
        command.argv.insert(command.argv.begin(), {"sh", "-c", "\"$0\" \"$@\" " + redirection});
        const Outcome outcome = run(command);
        CHECK(outcome.code == 74);
        CHECK_MESSAGE(mentions(outcome.err, "writing stdout: "), outcome.err);
    }
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--count", "2"}).out == "1\n2\n");
}

TEST_CASE("rabbit subscribe: --ack delivery tells that messages beyond --count are lost") {
    const RabbitServer server;
    const RabbitQueue queue(server, "beyond");
    std::string lines;
    for (int line = 1; line <= 5'000; ++line) {
        lines += std::to_string(line) + "\n";
    }
    CHECK(rabbit_hail({"publish", server.address(), queue}, lines).code == 0);
    const Outcome some =
        rabbit_hail({"subscribe", server.address(), queue, "--ack", "delivery", "--count", "3"});
    CHECK(some.code == 0);
    CHECK(some.out == "1\n2\n3\n");
    const std::string before = "hail: warning: the broker had sent ";
    const std::size_t at = some.err.find(before);
    REQUIRE_MESSAGE(at != std::string::npos, some.err);
    const unsigned long lost = std::stoul(some.err.substr(at + before.size()));
    const Outcome next = rabbit_hail({"subscribe", server.address(), queue, "--count", "1"});
    CHECK_MESSAGE(std::stoul(next.out) == 3 + lost + 1, next.out);
    CHECK_FALSE(mentions(next.err, "lost"));
}

TEST_CASE("rabbit subscribe: --ack delivery counts what is lost of several queues") {
    const RabbitServer server;
    const RabbitQueue first(server, "beyond");
    const RabbitQueue second(server, "beyond");
    const RabbitQueue third(server, "beyond");
    std::string lines;
    for (int line = 1; line <= 1'000; ++line) {
        lines += std::to_string(line) + "\n";
    }
    for (const RabbitQueue* const queue : {&first, &second, &third}) {
        CHECK(rabbit_hail({"publish", server.address(), *queue}, lines).code == 0);
    }
    const Outcome some = rabbit_hail(
        {"subscribe", server.address(), first, second, third, "--ack", "delivery", "--count", "50"});
    const std::string before = "hail: warning: the broker had sent ";
    const std::size_t at = some.err.find(before);
    REQUIRE_MESSAGE(at != std::string::npos, some.err);
    unsigned long accounted = 50 + std::stoul(some.err.substr(at + before.size()));
    for (const RabbitQueue* const queue : {&first, &second, &third}) {
        const std::string all = server.take(*queue, 1'000);
        for (std::size_t found = all.find("\"payload\":"); found != std::string::npos;
             found = all.find("\"payload\":", found + 1)) {
            ++accounted;
        }
    }
    CHECK(accounted == 3'000);
}

TEST_CASE("rabbit subscribe: only one exclusive reader, and none of a queue that is another's own") {
    const RabbitServer server;
    const RabbitQueue queue(server, "exclusive");
    const RabbitListener first({server.address(), queue, "--exclusive"});
    const Outcome second = rabbit_hail({"subscribe", server.address(), queue});
    CHECK(second.code == 1);
    CHECK_MESSAGE(mentions(second.err, "queue '" + queue + "' in vhost '/' in exclusive use"), second.err);
}

TEST_CASE("rabbit subscribe: a queue that is deleted ends the command") {
    const RabbitServer server;
    const RabbitQueue queue(server, "deleted");
    RabbitListener listener({server.address(), queue});
    server.delete_queue(queue);
    const Outcome outcome = listener.process.wait();
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "queue '" + queue + "' was deleted"), outcome.err);
}

TEST_CASE("rabbit subscribe: priorities, dead letters and their headers") {
    const RabbitServer server;
    const RabbitQueue dead(server, "dead");
    const RabbitQueue queue(server, "priorities",
                            R"({"x-max-priority":5,"x-dead-letter-exchange":"",)"
                            R"("x-dead-letter-routing-key":")" +
                                dead + "\"}");
    for (const char* priority : {"1", "9", "3"}) {
        CHECK(rabbit_hail({"publish", server.address(), queue, priority, "--priority", priority}).code == 0);
    }
    CHECK(rabbit_hail({"publish", server.address(), queue, "none"}).code == 0);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--count", "4"}).out == "9\n3\n1\nnone\n");
    CHECK(rabbit_hail({"publish", server.address(), queue, "late", "--expiration", "1ms"}).code == 0);
    const Outcome late = rabbit_hail({"subscribe", server.address(), dead, "--count", "1", "--json"});
    CHECK_MESSAGE(mentions(late.out, R"("x-death":[{)"), late.out);
    CHECK_MESSAGE(mentions(late.out, R"("count":1,)"), late.out);
    CHECK_MESSAGE(mentions(late.out, R"("reason":"expired")"), late.out);
    CHECK_MESSAGE(mentions(late.out, R"("original-expiration":"1")"), late.out);
    CHECK_MESSAGE(mentions(late.out, R"("x-first-death-queue":")" + queue + "\""), late.out);
}

TEST_CASE("rabbit subscribe: several queues at once, and --json names them") {
    const RabbitServer server;
    const RabbitQueue one(server, "one");
    const RabbitQueue two(server, "with/slash");
    RabbitListener listener({server.address(), one, "/" + two, "--json", "--count", "2"});
    server.publish(two, "b");
    const std::string second = listener.process.read_line().value_or("");
    CHECK_MESSAGE(
        mentions(second, R"("channel":"/)" + two + R"(","exchange":"","routing_key":")" + two + "\""),
        second);
    server.publish(one, "a");
    const std::string first = listener.process.read_line().value_or("");
    CHECK_MESSAGE(mentions(first, R"("channel":")" + one + "\""), first);
    CHECK(listener.process.wait().code == 0);
}

TEST_CASE(
    "rabbit subscribe: a connection that an operator closed is made again, and the queue loses nothing") {
    const RabbitServer server;
    const RabbitQueue queue(server, "operator");
    const RabbitUser user(server);
    RabbitListener listener({user.address(), queue, "--count", "2"});
    server.publish(queue, "before");
    CHECK(listener.process.read_line() == "before");
    user.close_connections("maintenance now");
    server.publish(queue, "after");
    const Outcome outcome = listener.process.wait();
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "after\n");
    CHECK_MESSAGE(mentions(outcome.err, "maintenance now"), outcome.err);

    RabbitListener single({user.address(), queue, "--no-reconnect"});
    user.close_connections("maintenance again");
    const Outcome ended = single.process.wait();
    CHECK(ended.code == 8);
    CHECK_MESSAGE(mentions(ended.err, "maintenance again"), ended.err);
}

TEST_CASE("rabbit subscribe: a vhost that is deleted ends the command with the words of the broker") {
    const RabbitServer server;
    auto vhost = std::make_unique<RabbitVhost>(server);
    const std::string name = vhost->name();
    RabbitListener listener({vhost->address(), "jobs", "--declare"});
    vhost.reset();
    const Outcome outcome = listener.process.wait();
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, name), outcome.err);
}

TEST_CASE("rabbit subscribe: --for and --first-within end a wait, and --count an answer") {
    const RabbitServer server;
    const RabbitQueue queue(server, "limits");
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--for", "2s"}).code == 0);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--first-within", "100ms"}).code == 2);
}

TEST_CASE("rabbit subscribe: a user who is deleted cannot come back") {
    const RabbitServer server;
    const RabbitQueue queue(server, "user-deleted");
    auto user = std::make_unique<RabbitUser>(server);
    RabbitListener listener({user->address(), queue});
    user.reset();
    const Outcome outcome = listener.process.wait();
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "Login was refused"), outcome.err);
}

TEST_CASE("rabbit subscribe: limits of the vhost and of a stream are told in the words of the broker") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    server.api("PUT", "vhost-limits/" + vhost.name() + "/max-queues", R"({"value":1})");
    server.api("PUT", "queues/" + vhost.name() + "/events",
               R"({"durable":true,"arguments":{"x-queue-type":"stream"}})");
    const auto refusal = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"subscribe", vhost.address()});
        const Outcome outcome = rabbit_hail(words);
        CHECK(outcome.code == 1);
        return outcome.err;
    };
    CHECK(mentions(refusal({"more", "--declare"}),
                   "queue limit in vhost '" + vhost.name() + "' (1) is reached"));
    CHECK(mentions(refusal({"amq.topic/#"}), "queue limit in vhost '" + vhost.name() + "' (1) is reached"));
    CHECK(mentions(refusal({"events", "--prefetch", "0"}), "consumer prefetch count is not set"));
    CHECK(mentions(refusal({"events", "--ack", "delivery"}), "automatic acknowledgement not supported"));
}

TEST_CASE("rabbit subscribe: a second reader of a queue for one waits, and --first-within tells") {
    const RabbitServer server;
    const RabbitQueue queue(server, "single", R"({"x-single-active-consumer":true})");
    RabbitListener first({server.address(), queue, "--count", "1"});
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--first-within", "100ms"}).code == 2);
    RabbitListener next({server.address(), queue, "--count", "1"});
    server.publish(queue, "one");
    CHECK(first.process.wait().out == "one\n");
    server.publish(queue, "two");
    CHECK(next.process.wait().out == "two\n");
}

TEST_CASE("rabbit subscribe: a message larger than --max-message is skipped and stays") {
    const RabbitServer server;
    const RabbitQueue queue(server, "skipped");
    CHECK(rabbit_hail({"publish", server.address(), queue}, std::string(5'000, 'x') + "\nsmall\n").code == 0);
    const Outcome outcome =
        rabbit_hail({"subscribe", server.address(), queue, "--max-message", "1k", "--count", "1"});
    CHECK(outcome.out == "small\n");
    CHECK_MESSAGE(mentions(outcome.err, "a message of 5000 bytes"), outcome.err);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--count", "1"}).out.size() == 5'001);
}
