#include "cli/options/program.h"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/error.h"

using namespace hail;

TEST_CASE("program: one that cannot be executed is found out before it is started") {
    for (const char* name : {"no-such-program-here", "/no/such/program", "/etc/passwd", ""}) {
        CAPTURE(name);
        CHECK_THROWS_AS(cli::options::find_program(name), base::Error);
    }
    CHECK(cli::options::find_program("sh").ends_with("/sh"));
    CHECK(cli::options::find_program("/bin/sh") == "/bin/sh");
}
