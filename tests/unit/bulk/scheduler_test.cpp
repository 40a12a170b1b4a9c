#include "lib/bulk/scheduler.h"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "tests/unit/bulk/records.h"

using namespace hail;
using namespace hail::bulk;

namespace {

using Kind = Step::Kind;
using Next = Source::Next;
using Peer = Verdict::Peer;
using Lines = std::vector<std::string>;

// Gives records with the ids (0), (1), ... and between them the other steps of the test.
struct Script : Source {
    explicit Script(const std::vector<Next>& all) : steps(all.begin(), all.end()) {}

    Next next(Record& record) override {
        const Next step = steps.empty() ? Next::end : steps.front();
        if (!steps.empty()) {
            steps.pop_front();
        }
        if (step == Next::record) {
            text = "call (" + std::to_string(records++) + ")";
            record = record_of(text, static_cast<std::uint64_t>(records));
            record.idempotent = idempotent;
        }
        return step;
    }
    int descriptor() const override { return 7; }

    std::deque<Next> steps;
    int records = 0;
    bool idempotent = false;
    std::string text;
};

struct Kept : Sink {
    void take(const Answer& answer) override {
        lines.push_back(std::string(answer.id) + " " + std::string(name(answer.outcome)) + " " +
                        std::string(answer.value.empty() ? answer.why : answer.value));
    }
    void pause() override { ++pauses; }

    Lines lines;
    int pauses = 0;
};

std::vector<Next> records(std::size_t count) {
    return std::vector<Next>(count, Next::record);
}

// A run whose adapter the test plays.
struct Run {
    Run(const std::vector<Next>& steps, const RunOptions& options)
        : source(steps), scheduler(stop, source, sink, options) {}

    // The slot of the next shipment, which must exist.
    std::size_t send() {
        const Step step = scheduler.next();
        REQUIRE(step.kind == Kind::send);
        return step.slot;
    }

    Lines ids(std::size_t slot) {
        Lines ids;
        for (std::size_t place = 0; place < scheduler.shipment(slot).size(); ++place) {
            ids.emplace_back(scheduler.shipment(slot).record(place).id);
        }
        return ids;
    }

    void accept(std::size_t slot) {
        std::vector<Finding> each;
        for (std::uint32_t place = 0; place < scheduler.shipment(slot).size(); ++place) {
            each.push_back({.outcome = Outcome::ok, .arrival = place + 1, .value = "yes"});
        }
        scheduler.done(slot, {.each = each, .peer = Peer::works});
    }

    void judge(std::size_t slot, Outcome outcome, Then then, Peer peer = Peer::unclear) {
        scheduler.done(slot, {.all = {outcome, then, "it broke", base::Exit::unreachable, {}}, .peer = peer});
    }

    void prove_the_peer() { accept(send()); }

    base::Stop stop;
    Script source;
    Kept sink;
    Scheduler scheduler;
};

}  // namespace

TEST_CASE("scheduler: shipments that end in reverse order leave in input order") {
    Run run(records(3), {.chunk = 1, .parallel = 2});
    run.prove_the_peer();
    const std::size_t first = run.send();
    const std::size_t second = run.send();
    run.accept(second);
    CHECK(run.sink.lines.size() == 1);
    run.accept(first);
    CHECK(run.sink.lines == Lines{"(0) ok yes", "(1) ok yes", "(2) ok yes"});
    CHECK(run.scheduler.next().kind == Kind::end);
}

TEST_CASE("scheduler: one shipment is in flight until the peer has answered") {
    Run run(records(9), {.chunk = 1, .parallel = 3});
    const std::size_t first = run.send();
    CHECK(run.scheduler.next().kind == Kind::wait);
    run.accept(first);
    run.send();
    run.send();
    run.send();
}

TEST_CASE("scheduler: a peer of another kind costs one shipment") {
    Run run(records(9), {.chunk = 2, .parallel = 3});
    run.judge(run.send(), Outcome::unknown, Then::settle, Peer::strange);
    CHECK(run.scheduler.next().kind == Kind::end);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.unknown == 2);
    CHECK(summary.items == 2);
    CHECK(summary.cut_short);
    CHECK(summary.never_worked);
    CHECK(summary.stopped_why == "it broke");
    CHECK(summary.stopped_exit == base::Exit::unreachable);
}

TEST_CASE("scheduler: a silent peer is asked a few times, one shipment after another") {
    Run run(records(99), {.chunk = 1, .parallel = 2});
    std::size_t sent = 0;
    for (Step step = run.scheduler.next(); step.kind == Kind::send; step = run.scheduler.next()) {
        ++sent;
        run.judge(step.slot, Outcome::unknown, Then::settle, Peer::silent);
    }
    CHECK(sent == 12);
    CHECK(run.scheduler.finish().unknown == 12);
}

TEST_CASE("scheduler: a peer that has worked and falls silent is asked one at a time") {
    Run run(records(99), {.chunk = 1, .parallel = 2});
    run.prove_the_peer();
    for (int i = 0; i < 2; ++i) {
        run.judge(run.send(), Outcome::unknown, Then::settle, Peer::silent);
    }
    const std::size_t only = run.send();
    CHECK(run.scheduler.next().kind == Kind::wait);
    run.accept(only);
    run.send();
    run.send();
}

TEST_CASE("scheduler: a refused shipment is halved, and if its halves are accepted, the size is learnt") {
    Run run(records(10), {.chunk = 4, .parallel = 1});
    run.judge(run.send(), Outcome::refused, Then::split);
    for (const Lines& part : {Lines{"(0)", "(1)"}, Lines{"(2)", "(3)"}, Lines{"(4)", "(5)"}}) {
        const std::size_t slot = run.send();
        CHECK(run.ids(slot) == part);
        run.accept(slot);
    }
    const Summary summary = run.scheduler.finish();
    CHECK(summary.ok == 6);
    CHECK(summary.splits == 1);
    CHECK(summary.chunk == 2);
}

TEST_CASE("scheduler: nothing is learnt about size from one bad record in a shipment") {
    Run run(records(8), {.chunk = 4, .parallel = 1});
    run.judge(run.send(), Outcome::refused, Then::split);
    run.accept(run.send());                                // (0) (1)
    run.judge(run.send(), Outcome::refused, Then::split);  // (2) (3)
    run.accept(run.send());                                // (2)
    run.judge(run.send(), Outcome::refused, Then::split);  // (3)
    CHECK(run.ids(run.send()) == Lines{"(4)", "(5)", "(6)", "(7)"});
    CHECK(run.sink.lines.back() == "(3) refused it broke");
}

TEST_CASE("scheduler: the size that the peer names is used at once") {
    Run run(records(8), {.chunk = 4, .parallel = 1});
    const std::size_t slot = run.send();
    run.scheduler.done(
        slot, {.all = {Outcome::refused, Then::split, "at most 3", base::Exit::refused, {}}, .accepts = 3});
    CHECK(run.ids(run.send()).size() == 3);
    CHECK(run.scheduler.finish().chunk == 3);
}

TEST_CASE("scheduler: a shipment that did not arrive is sent again after a pause") {
    Run run(records(1), {.chunk = 1, .parallel = 1});
    run.judge(run.send(), Outcome::not_sent, Then::resend);
    const Step step = run.scheduler.next();
    CHECK(step.kind == Kind::wait);
    CHECK(step.until.poll_milliseconds() >= 0);
    CHECK(run.sink.lines.empty());
}

TEST_CASE("scheduler: nothing is sent again if no time is left") {
    Run run(records(1), {.chunk = 1, .parallel = 1, .retry_time = base::Milliseconds(0)});
    run.judge(run.send(), Outcome::not_sent, Then::resend);
    CHECK(run.scheduler.next().kind == Kind::end);
    CHECK(run.sink.lines == Lines{"(0) not-sent it broke"});
}

TEST_CASE("scheduler: if nothing arrives, reading stops and what was read is not sent") {
    Run run(records(9), {.chunk = 2, .parallel = 2, .retries = 0});
    run.judge(run.send(), Outcome::not_sent, Then::resend);
    CHECK(run.scheduler.next().kind == Kind::end);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.not_sent == 2);
    CHECK(summary.items == 2);
    CHECK(summary.stopped_why == "it broke");
}

TEST_CASE("scheduler: a record that may have run is unknown and not sent again, and the others continue") {
    Run run(records(2), {.chunk = 1, .parallel = 1});
    run.judge(run.send(), Outcome::unknown, Then::settle, Peer::silent);
    const std::size_t second = run.send();
    CHECK(run.ids(second) == Lines{"(1)"});
    run.accept(second);
    CHECK(run.sink.lines == Lines{"(0) unknown it broke", "(1) ok yes"});
}

TEST_CASE("scheduler: an idempotent record that may have run is sent again") {
    Run run(records(1), {.chunk = 1, .parallel = 1});
    run.source.idempotent = true;
    run.judge(run.send(), Outcome::unknown, Then::settle, Peer::silent);
    CHECK(run.sink.lines.empty());
    CHECK(run.scheduler.next().kind == Kind::wait);
}

TEST_CASE("scheduler: a peer of another kind is asked again about idempotent records before anything else") {
    Run run(records(9), {.chunk = 2, .parallel = 3, .retries = 1});
    run.source.idempotent = true;
    run.judge(run.send(), Outcome::unknown, Then::settle, Peer::strange);
    const Step step = run.scheduler.next();
    CHECK(step.kind == Kind::wait);
    CHECK(step.descriptor == -1);
    CHECK(step.until.poll_milliseconds() >= 0);
    CHECK(run.scheduler.finish().items == 2);
}

TEST_CASE("scheduler: only those records of a shipment are sent again that were refused") {
    Run run(records(3), {.chunk = 3, .parallel = 1});
    const std::vector<Finding> each{{.outcome = Outcome::ok, .arrival = 1, .value = "yes"},
                                    {.outcome = Outcome::refused, .then = Then::alone, .why = "too large"},
                                    {.outcome = Outcome::error, .arrival = 2, .value = "no"}};
    run.scheduler.done(run.send(), {.each = each, .peer = Peer::works});
    const std::size_t slot = run.send();
    CHECK(run.ids(slot) == Lines{"(1)"});
    run.accept(slot);
    CHECK(run.sink.lines == Lines{"(0) ok yes", "(1) ok yes", "(2) error no"});
}

TEST_CASE("scheduler: a refusal of the rate holds everything back for the time that it asks for") {
    Run run(records(2), {.chunk = 1, .parallel = 2});
    run.scheduler.done(run.send(),
                       {.all = {Outcome::refused, Then::resend, "slowly", base::Exit::refused, {}},
                        .too_fast = true,
                        .wait = base::Milliseconds(50'000)});
    const Step step = run.scheduler.next();
    CHECK(step.kind == Kind::wait);
    CHECK(step.until.poll_milliseconds() > 40'000);
    CHECK(run.scheduler.finish().slowdowns == 1);
}

TEST_CASE("scheduler: nobody waits for a pause that is too long") {
    Run run(records(2), {.chunk = 1, .parallel = 1});
    run.scheduler.done(run.send(),
                       {.all = {Outcome::refused, Then::resend, "slowly", base::Exit::refused, {}},
                        .too_fast = true,
                        .wait = base::Milliseconds(3'600'000)});
    CHECK(run.scheduler.next().kind == Kind::end);
    CHECK(run.scheduler.finish().stopped_why == "slowly; it asks for a pause of 60 m 0 s");
}

TEST_CASE("scheduler: a rate limits what is sent at once") {
    Run run(records(9), {.chunk = 20, .parallel = 4, .rate = 3});
    const std::size_t slot = run.send();
    CHECK(run.ids(slot).size() == 3);
    run.accept(slot);
    const Step step = run.scheduler.next();
    CHECK(step.kind == Kind::wait);
    CHECK(step.until.poll_milliseconds() > 100);
}

TEST_CASE("scheduler: too many failures end the run") {
    Run run(records(9), {.chunk = 1, .parallel = 1, .failures = {.count = 1}});
    for (int i = 0; i < 2; ++i) {
        const std::vector<Finding> each{{.outcome = Outcome::error, .arrival = 1, .value = "no"}};
        run.scheduler.done(run.send(), {.each = each, .peer = Peer::works});
    }
    CHECK(run.scheduler.next().kind == Kind::end);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.errors == 2);
    CHECK(summary.stopped_why == "2 of 2 calls failed");
    CHECK(summary.stopped_exit == base::Exit::ok);
}

TEST_CASE("scheduler: a record in flight when the run ends is unknown") {
    Run run(records(1), {.chunk = 1, .parallel = 1});
    run.send();
    CHECK(run.scheduler.finish().unknown == 1);
}

TEST_CASE("scheduler: a chunk that is not full waits for more while another is in flight") {
    Run run({Next::record, Next::record, Next::wait, Next::record, Next::wait, Next::wait},
            {.chunk = 5, .parallel = 2});
    run.prove_the_peer();
    run.source.steps = {Next::record, Next::wait, Next::record, Next::wait, Next::wait};
    const std::size_t alone = run.send();
    const Step step = run.scheduler.next();
    CHECK(step.kind == Kind::wait);
    CHECK(step.descriptor == 7);
    run.accept(alone);
    CHECK(run.ids(run.send()) == Lines{"(3)"});
}

TEST_CASE("scheduler: a failure at the end of the input cuts nothing short") {
    Run run(records(1), {.chunk = 1, .parallel = 1});
    run.judge(run.send(), Outcome::refused, Then::stop);
    const Summary summary = run.scheduler.finish();
    CHECK(summary.stopped_why == "it broke");
    CHECK_FALSE(summary.cut_short);
}
