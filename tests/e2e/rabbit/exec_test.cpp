#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"
#include "tests/support/directory.h"

// Programs that handle messages, and answers to requests.

using namespace hail::support;

TEST_CASE("rabbit exec: a program gets the payload, the properties and the headers") {
    const RabbitServer server;
    const RabbitQueue queue(server, "exec");
    CHECK(rabbit_hail({"publish", server.address(), queue, "hello", "-H", "x-run:7", "-H", "bad name:1", "-H",
                       "n:=8", "--message-id", "m-1", "--correlation-id", "c-1", "--content-type",
                       "text/plain"})
              .code == 0);
    const std::string script =
        "cat; for v in EXCHANGE ROUTING_KEY ID CORRELATION_ID CONTENT_TYPE HEADER_x_run HEADER_n QUEUE; do "
        "eval echo $v=\\$HAIL_MESSAGE_$v; done; env | grep -c '^HAIL_MESSAGE_HEADER'";
    const Outcome outcome =
        rabbit_hail({"subscribe", server.address(), queue, "--count", "1", "--exec", "sh", "-c", script});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(outcome.out ==
          "helloEXCHANGE=\nROUTING_KEY=" + queue +
              "\nID=m-1\nCORRELATION_ID=c-1\nCONTENT_TYPE=text/plain\nHEADER_x_run=7\nHEADER_n=8\n"
              "QUEUE=" +
              queue + "\n2\n");
}

TEST_CASE("rabbit exec: a failed program ends the command, and its message stays") {
    const RabbitServer server;
    const RabbitQueue queue(server, "stop");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n").code == 0);
    const Outcome outcome = rabbit_hail({"subscribe", server.address(), queue, "--exec", "sh", "-c",
                                         "read -r line; echo $line; test $line != 2"});
    CHECK(outcome.code == 10);
    CHECK(outcome.out == "1\n2\n");
    const Outcome rest = rabbit_hail({"subscribe", server.address(), queue, "--count", "2"});
    CHECK(rest.out == "2\n3\n");
}

TEST_CASE("rabbit exec: a rejected message goes to the dead letters") {
    const RabbitServer server;
    const RabbitQueue dead(server, "dead");
    const RabbitQueue queue(server, "reject",
                            R"({"x-dead-letter-exchange":"","x-dead-letter-routing-key":")" + dead + "\"}");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n").code == 0);
    const Outcome outcome =
        rabbit_hail({"subscribe", server.address(), queue, "--on-failure", "reject", "--count", "3", "--exec",
                     "sh", "-c", "read -r line; test $line != 2"});
    CHECK(outcome.code == 10);
    const Outcome letter = rabbit_hail({"subscribe", server.address(), dead, "--count", "1", "--json"});
    CHECK_MESSAGE(mentions(letter.out, R"("reason":"rejected")"), letter.out);
    CHECK_MESSAGE(mentions(letter.out, R"("payload":"2")"), letter.out);
}

TEST_CASE("rabbit exec: a message that is put back comes again, marked") {
    const RabbitServer server;
    const TemporaryDirectory folder;
    const RabbitQueue queue(server, "requeue");
    server.publish(queue, "m");
    const std::string script = "echo ${HAIL_MESSAGE_REDELIVERED:-0}; test -e " + folder.path("tried") +
                               " || { touch " + folder.path("tried") + "; false; }";
    const Outcome outcome = rabbit_hail({"subscribe", server.address(), queue, "--on-failure", "requeue",
                                         "--count", "2", "--exec", "sh", "-c", script});
    CHECK(outcome.out == "0\n1\n");
    CHECK(server.take(queue, 5) == "[]");
}

TEST_CASE("rabbit exec: programs for one queue run side by side, but those for a stream in turn") {
    const RabbitServer server;
    const TemporaryDirectory folder;
    const RabbitQueue queue(server, "parallel");
    server.publish(queue, "first");
    server.publish(queue, "second");
    // The first program ends only once the second one has run.
    const std::string program = "read -r word; if [ $word = first ]; then until [ -e '" + folder.path("go") +
                                "' ]; do :; done; fi; echo $word; : > '" + folder.path("go") + "'";
    const Outcome both = rabbit_hail(
        {"subscribe", server.address(), queue, "--count", "2", "--jobs", "2", "--exec", "sh", "-c", program});
    CHECK_MESSAGE(both.out == "second\nfirst\n", both.err);
    const RabbitQueue stream(server, "in-turn", R"({"x-queue-type":"stream"})");
    server.publish(stream, "1");
    server.publish(stream, "2");
    const std::string alone =
        "mkdir '" + folder.path("lock") + "' && cat && echo && rmdir '" + folder.path("lock") + "'";
    const Outcome turns = rabbit_hail({"subscribe", server.address(), stream, "--offset", "first", "--count",
                                       "2", "--jobs", "2", "--exec", "sh", "-c", alone});
    CHECK_MESSAGE(turns.out == "1\n2\n", turns.err);
}

TEST_CASE("rabbit request: the answer of a program that failed has the header that says so") {
    const RabbitServer server;
    const RabbitQueue queue(server, "failing");
    const RabbitQueue answers(server, "answers");
    CHECK(rabbit_hail(
              {"publish", server.address(), queue, "one", "--reply-to", answers, "--correlation-id", "7"})
              .code == 0);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--reply", "--count", "1", "--on-failure",
                       "reject", "--exec", "false"})
              .code == 10);
    const Outcome answer = rabbit_hail({"subscribe", server.address(), answers, "--json", "--count", "1"});
    CHECK_MESSAGE(mentions(answer.out, R"("headers":{"hail-status":"error"})"), answer.out);
    CHECK(mentions(answer.out, R"("correlation_id":"7")"));
    CHECK_MESSAGE(mentions(answer.out, R"("payload":"exit 1")"), answer.out);
}

TEST_CASE("rabbit request: a request that a program failed at is answered, and the service goes on") {
    const RabbitServer server;
    const RabbitQueue queue(server, "shaky");
    RabbitListener service({server.address(), queue, "--reply", "--count", "2", "--exec", "sh", "-c",
                            "read -r word; test \"$word\" != bad && echo fine"});
    const std::vector<std::string> words{"publish", server.address(), queue, "--request", "--timeout", "60s"};
    const auto ask = [&](const char* payload) {
        std::vector<std::string> all = words;
        all.emplace_back(payload);
        return rabbit_hail(all);
    };
    CHECK(ask("bad").code == 1);
    CHECK(ask("good").out == "fine\n");
    CHECK(service.process.wait().code == 10);
    CHECK(server.take(queue, 5) == "[]");
    // Nobody is told of the failure of a message that asks for no answer: it stays.
    server.publish(queue, "bad");
    const Outcome alone = rabbit_hail({"subscribe", server.address(), queue, "--reply", "--exec", "false"});
    CHECK(alone.code == 10);
    CHECK(server.take(queue, 5) != "[]");
}

TEST_CASE("rabbit request: the answer of a program comes back, and a missing service is refused") {
    const RabbitServer server;
    const RabbitQueue queue(server, "upper");
    RabbitListener service(
        {server.address(), queue, "--reply", "--count", "3", "--exec", "tr", "a-z", "A-Z"});
    const Outcome answers =
        rabbit_hail({"publish", server.address(), queue, "--request", "--timeout", "60s"}, "one\ntwo\n");
    CHECK_MESSAGE(answers.code == 0, answers.err);
    CHECK(answers.out == "ONE\nTWO\n");
    CHECK(rabbit_hail({"publish", server.address(), queue, "three", "--request", "--timeout", "60s"}).out ==
          "THREE\n");
    CHECK(service.process.wait().code == 0);
    const Outcome nobody =
        rabbit_hail({"publish", server.address(), queue, "four", "--request", "--timeout", "1s"});
    CHECK(nobody.code == 2);
    server.delete_queue(queue);
    const Outcome missing =
        rabbit_hail({"publish", server.address(), queue, "five", "--request", "--timeout", "60s"});
    CHECK(missing.code == 1);
    CHECK_MESSAGE(mentions(missing.err, "nobody takes requests there"), missing.err);
}

TEST_CASE(
    "rabbit request: a file is one request, and the answer comes in spite of the properties of a line") {
    const RabbitServer server;
    const RabbitQueue queue(server, "size");
    RabbitListener service({server.address(), queue, "--reply", "--count", "2", "--exec", "wc", "-c"});
    const std::vector<std::string> words{"publish", server.address(), queue, "--request", "--timeout", "60s"};
    std::vector<std::string> whole = words;
    whole.emplace_back("--whole");
    CHECK(rabbit_hail(whole, std::string(1'000'000, 'x')).out == "1000000\n");
    std::vector<std::string> json = words;
    json.emplace_back("--json");
    const std::string line =
        R"({"payload":"four","properties":{"reply_to":"elsewhere","correlation_id":"7","type":"t"}})";
    const Outcome answered = rabbit_hail(json, line + "\n");
    CHECK_MESSAGE(answered.out == "4\n", answered.err);
    CHECK(service.process.wait().code == 0);
}

TEST_CASE("rabbit request: an answer that nobody takes is told, and the service goes on") {
    const RabbitServer server;
    const RabbitQueue queue(server, "service");
    CHECK(rabbit_hail({"publish", server.address(), queue, "1", "--reply-to", queue + "-gone"}).code == 0);
    CHECK(rabbit_hail({"publish", server.address(), queue, "2", "--reply-to", "amq.rabbitmq.reply-to.gone"})
              .code == 0);
    RabbitListener service({server.address(), queue, "--reply", "--count", "3", "--exec", "cat"});
    CHECK(rabbit_hail({"publish", server.address(), queue, "3", "--request", "--timeout", "60s"}).out ==
          "3\n");
    const Outcome outcome = service.process.wait();
    CHECK(outcome.code == 0);
    CHECK_MESSAGE(mentions(outcome.err, "no queue '" + queue + "-gone'"), outcome.err);
    CHECK(server.take(queue, 5) == "[]");
}
