#include "lib/rest/repeat.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/http/message.h"

using namespace hail;
using namespace hail::rest;

namespace {

class Waits : public Sink {
  public:
    void note(const std::string& /*text*/) override {}
    void waiting(const std::string& why) override { all.push_back(why); }
    void receiving(std::uint64_t /*before*/, std::optional<std::uint64_t> /*whole*/) override {}
    void received(std::uint64_t /*size*/) override {}

    std::vector<std::string> all;
};

// Answers with these bodies, one after another; an empty one is a failure with this exit status.
Send answering(std::vector<std::string> bodies, base::Exit failure = base::Exit::unreachable) {
    return [=, next = std::size_t{0}](const http::Request& request, http::Receiver& receiver,
                                      base::Deadline) mutable {
        http::CallResult call;
        call.request = request;
        const std::string& body = bodies.at(next++);
        if (body.empty()) {
            call.result.failure = http::Failure{failure, "it failed", {}};
            return call;
        }
        call.result.head.add_line("HTTP/1.1 200 OK\r\n");
        receiver.head(call.result.head);
        receiver.body(body);
        return call;
    };
}

const Expectations done({R"(state=="done")"});
const std::string waiting = R"({"state":"waiting"})";
const std::string finished = R"({"state":"done"})";

}  // namespace

TEST_CASE("repeat: a call is repeated until its reply is as expected") {
    const base::Stop stop;
    Waits waits;
    const Repeated last = repeat(answering({waiting, "", waiting, finished}), {}, done,
                                 {.every = base::Milliseconds(0), .limit = {}}, stop, waits);
    CHECK(!last.problem);
    CHECK(last.reply.body == finished);
    REQUIRE(waits.all.size() == 3);
    CHECK(waits.all[0] == "expected state==\"done\", but state is \"waiting\"");
    CHECK(waits.all[1] == "it failed");
}

TEST_CASE("repeat: the limit ends the repeats with the last reply") {
    const base::Stop stop;
    Waits waits;
    const Repeated last =
        repeat(answering({waiting}), {}, done,
               {.every = base::Milliseconds(1'000), .limit = base::Milliseconds(500)}, stop, waits);
    REQUIRE(last.problem);
    CHECK(last.problem->exit() == base::Exit::unexpected);
    CHECK(last.reply.body == waiting);
    CHECK(waits.all.empty());
}

TEST_CASE("repeat: a POST that may have been executed is not repeated") {
    const base::Stop stop;
    Waits waits;
    http::Request post;
    post.method = "POST";
    const RepeatOptions at_once{.every = base::Milliseconds(0), .limit = {}};
    CHECK_THROWS_AS(repeat(answering({"", finished}, base::Exit::unknown), post, done, at_once, stop, waits),
                    base::Error);
    CHECK(!repeat(answering({"", finished}), post, done, at_once, stop, waits).problem);
}

TEST_CASE("repeat: a signal ends the pause") {
    base::Stop stop;
    stop.raise(SIGINT);
    Waits waits;
    CHECK_THROWS_AS(repeat(answering({waiting}), {}, done, {.every = base::Milliseconds(60'000), .limit = {}},
                           stop, waits),
                    base::Error);
}
