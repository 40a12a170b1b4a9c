#include "lib/bulk/scheduler.h"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

using namespace hail;
using namespace hail::bulk;

namespace {

using Kind = http::Next::Kind;

// Gives calls with the ids 0, 1, ... and between them the other steps of the test.
struct Script : Source {
    explicit Script(const std::vector<Next>& all) : steps(all.begin(), all.end()) {}

    Next next(Item& item) override {
        const Next step = steps.empty() ? Next::end : steps.front();
        if (!steps.empty()) {
            steps.pop_front();
        }
        if (step == Next::item) {
            text = R"({"method":"m","id":)" + std::to_string(calls++) + "}";
            item.request = rpc::read_request(text).request;
            item.line = static_cast<std::uint64_t>(calls);
        }
        return step;
    }
    int descriptor() const override { return 7; }

    std::deque<Next> steps;
    int calls = 0;
    std::string text;
};

struct Kept : Sink {
    void take(const Answer& answer) override {
        lines.push_back(std::string(answer.id) + " " + std::string(name(answer.outcome)) + " " +
                        std::string(answer.value.empty() ? answer.why : answer.value));
    }
    void pause() override { ++pauses; }

    std::vector<std::string> lines;
    int pauses = 0;
};

std::vector<Source::Next> calls(std::size_t count) {
    return std::vector<Source::Next>(count, Source::Next::item);
}

// A run without an engine, whose part the test plays.
struct Run {
    Run(const std::vector<Source::Next>& steps, const RunOptions& options)
        : source(steps), scheduler(stop, model, source, sink, options) {}

    // The next POST, which must exist.
    http::Job& start() {
        const http::Next next = scheduler.next();
        REQUIRE(next.kind == Kind::start);
        return *next.job;
    }

    void answer(http::Job& job, const std::string& body, std::string_view status = "200 OK") {
        http::Result result;
        result.sent = http::Sent::wholly;
        result.head.add_line("HTTP/1.1 " + std::string(status));
        job.receiver->head(result.head);
        job.receiver->body(body);
        scheduler.done(job, result);
    }

    void fail(http::Job& job, http::Sent sent) {
        http::Result result;
        result.sent = sent;
        result.failure = http::Failure{base::Exit::unknown, "it broke", {}};
        scheduler.done(job, result);
    }

    base::Stop stop;
    http::Request model{.method = "POST", .url = "http://localhost/"};
    Script source;
    Kept sink;
    Scheduler scheduler;
};

std::string ok(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::to_string(id * 10) + "}";
}

const std::string too_large =
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}})";

}  // namespace

TEST_CASE("bulk: two POSTs that end in reverse order leave in input order") {
    Run run(calls(2), {.chunk = 1, .parallel = 2});
    http::Job& first = run.start();
    http::Job& second = run.start();
    run.answer(second, ok(2));
    CHECK(run.sink.lines.empty());
    run.answer(first, ok(1));
    CHECK(run.sink.lines == std::vector<std::string>{"0 ok 10", "1 ok 20"});
    CHECK(run.scheduler.next().kind == Kind::end);
}

TEST_CASE("bulk: a refused chunk is split, and later chunks are not larger") {
    Run run(calls(6), {.chunk = 4, .parallel = 1});
    run.answer(run.start(), too_large);
    run.answer(run.start(), "[" + ok(5) + "," + ok(6) + "]");
    run.answer(run.start(), "[" + ok(7) + "," + ok(8) + "]");
    run.answer(run.start(), "[" + ok(9) + "," + ok(10) + "]");
    CHECK(run.sink.lines.size() == 6);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.ok == 6);
    CHECK(summary.splits == 1);
    CHECK(summary.chunk == 2);
}

TEST_CASE("bulk: a POST that did not arrive is sent again after a pause") {
    Run run(calls(1), {.chunk = 1, .parallel = 1});
    run.fail(run.start(), http::Sent::nothing);
    const http::Next next = run.scheduler.next();
    CHECK(next.kind == Kind::wait);
    CHECK(next.until.poll_milliseconds() >= 0);
    CHECK(run.sink.lines.empty());
}

TEST_CASE("bulk: a POST is not sent again if the pause would exceed the time limit") {
    Run run(calls(1), {.chunk = 1, .parallel = 1, .retry_time = base::Milliseconds(50)});
    run.fail(run.start(), http::Sent::nothing);
    CHECK(run.scheduler.next().kind == Kind::end);
    CHECK(run.sink.lines == std::vector<std::string>{"0 not-sent it broke"});
}

TEST_CASE("bulk: if nothing arrives, reading stops and every item is not sent") {
    Run run(calls(9), {.chunk = 2, .parallel = 2, .retries = 0});
    http::Job& first = run.start();
    http::Job& second = run.start();
    run.fail(first, http::Sent::nothing);
    run.fail(second, http::Sent::nothing);
    CHECK(run.scheduler.next().kind == Kind::end);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.not_sent == 4);
    CHECK(summary.items == 4);
    CHECK(summary.stopped_why == "it broke");
}

TEST_CASE("bulk: a call that may have run is unknown and not sent again, and the others continue") {
    Run run(calls(2), {.chunk = 1, .parallel = 1});
    run.fail(run.start(), http::Sent::wholly);
    http::Job& second = run.start();
    CHECK(second.request->body == R"({"jsonrpc":"2.0","method":"m","id":2})");
    run.answer(second, ok(2));
    CHECK(run.sink.lines == std::vector<std::string>{"0 unknown it broke", "1 ok 20"});
}

TEST_CASE("bulk: a call in flight when the engine ends is unknown") {
    Run run(calls(1), {.chunk = 1, .parallel = 1});
    run.start();
    CHECK(run.scheduler.finish().unknown == 1);
}

TEST_CASE("bulk: a chunk that is not full waits for more while another is in flight") {
    using Next = Source::Next;
    Run run({Next::item, Next::wait, Next::item, Next::wait, Next::wait}, {.chunk = 5, .parallel = 2});
    http::Job& alone = run.start();
    const http::Next next = run.scheduler.next();
    CHECK(next.kind == Kind::wait);
    CHECK(next.descriptor == 7);
    CHECK(run.sink.pauses == 1);
    run.answer(alone, ok(1));
    CHECK(run.start().request->body == R"({"jsonrpc":"2.0","method":"m","id":2})");
}

TEST_CASE("bulk: nothing is sent if the input is wrong before the first POST") {
    Run run({Source::Next::item, Source::Next::bad}, {.chunk = 5, .parallel = 1});
    CHECK(run.scheduler.next().kind == Kind::end);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.bad_input);
    CHECK(summary.posts == 0);
    CHECK(run.sink.lines.empty());
}

TEST_CASE("bulk: a server that refuses every request is asked once") {
    Run run(calls(9), {.chunk = 1, .parallel = 1});
    run.answer(run.start(), "", "401 Unauthorized");
    CHECK(run.scheduler.next().kind == Kind::end);
    CHECK(run.sink.lines == std::vector<std::string>{"0 refused HTTP 401"});
}

TEST_CASE("bulk: a reply larger than the limit leaves its calls unknown") {
    Run run(calls(1), {.chunk = 1, .parallel = 1, .max_reply = 10});
    run.answer(run.start(), ok(1));
    CHECK(run.sink.lines == std::vector<std::string>{"0 unknown the reply is larger than --max-reply"});
}
