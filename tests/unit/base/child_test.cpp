#include "lib/base/child.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/error.h"

using namespace hail;
using base::Child;
using base::ChildOptions;

namespace {

int end_of(Child& child) {
    const base::Deadline limit = base::Deadline::after(base::Milliseconds(20'000));
    while (!child.ended() && !limit.passed()) {
        std::vector<pollfd> polls;
        child.add_polls(polls);
        ::poll(polls.data(), polls.size(), limit.poll_milliseconds());
        child.advance();
    }
    REQUIRE(child.ended());
    return *child.ended();
}

}  // namespace

TEST_CASE("child: input goes in, output comes out, whatever their size") {
    const std::string large(1'000'000, 'x');
    Child child(ChildOptions{.words = {"cat"}, .input = large, .keep_output = 2'000'000});
    CHECK(end_of(child) == 0);
    CHECK(child.output() == large);
    CHECK_FALSE(child.output_too_large());
}

TEST_CASE("child: output beyond the limit is noticed, and does not stop the program") {
    Child child(ChildOptions{.words = {"cat"}, .input = std::string(300'000, 'x'), .keep_output = 1000});
    CHECK(end_of(child) == 0);
    CHECK(child.output().size() == 1000);
    CHECK(child.output_too_large());
}

TEST_CASE("child: a program that does not read its input ends as it likes") {
    std::signal(SIGPIPE, SIG_IGN);  // as hail does
    Child child(ChildOptions{.words = {"sh", "-c", "exit 3"}, .input = std::string(1'000'000, 'x')});
    CHECK(base::describe_status(end_of(child)) == "exit 3");
}

TEST_CASE("child: variables are set, and signals have their default actions") {
    Child child(ChildOptions{.words = {"sh", "-c", "printf %s \"$ADDED\"; kill -PIPE $$"},
                             .environment = {{"ADDED", "a b"}},
                             .keep_output = 100});
    CHECK(base::describe_status(end_of(child)) == "ended by SIGPIPE");
    CHECK(child.output() == "a b");
}

TEST_CASE("child: output that another process holds open is not waited for") {
    Child child(ChildOptions{.words = {"sh", "-c", "sleep 1000 & echo $!"}, .keep_output = 100});
    CHECK(end_of(child) == 0);
    Child killer(ChildOptions{.words = {"sh", "-c", "kill " + child.output()}});
    CHECK(end_of(killer) == 0);
}

TEST_CASE("child: a program that cannot be started is an error") {
    CHECK_THROWS_AS(Child(ChildOptions{.words = {"/no/such/program"}}), base::Error);
    CHECK_THROWS_AS(Child(ChildOptions{.words = {"/etc/passwd"}}), base::Error);
}
