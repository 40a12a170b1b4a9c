#include "lib/base/exit.h"

#include <doctest/doctest.h>

using namespace hail::base;

TEST_CASE("exit: the more serious status wins, in the order 8 7 2 9 1") {
    const Exit order[] = {Exit::unknown,   Exit::unreachable, Exit::timed_out,
                          Exit::bad_reply, Exit::refused,     Exit::ok};
    for (const Exit* a = std::begin(order); a != std::end(order); ++a) {
        for (const Exit* b = a; b != std::end(order); ++b) {
            CHECK(worse(*a, *b) == *a);
            CHECK(worse(*b, *a) == *a);
        }
    }
    CHECK(worse(Exit::unknown, Exit::interrupted) == Exit::interrupted);
    CHECK(worse(Exit::usage, Exit::unknown) == Exit::usage);
}

TEST_CASE("exit: every status has a name, in ascending order") {
    int last = -1;
    for (const ExitInfo& info : exit_table()) {
        CHECK(static_cast<int>(info.exit) > last);
        last = static_cast<int>(info.exit);
        CHECK(name(info.exit) == info.name);
    }
}
