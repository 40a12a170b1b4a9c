#include "cli/output/outlet.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include "lib/base/owned.h"

using namespace hail;
using cli::output::Outlet;

namespace {

struct Ends {
    base::Descriptor read;
    base::Descriptor write;
};

Ends pipe_ends() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return {base::Descriptor(ends[0]), base::Descriptor(ends[1])};
}

Ends socket_ends() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    return {base::Descriptor(ends[0]), base::Descriptor(ends[1])};
}

// Everything that fits without a reader.
std::size_t fill(const Outlet& outlet) {
    const std::string data(100'000, 'x');
    std::size_t all = 0;
    for (Outlet::Written written = outlet.write(data); written.bytes > 0; written = outlet.write(data)) {
        CHECK(written.problem == 0);
        all += written.bytes;
    }
    return all;
}

}  // namespace

TEST_CASE("outlet: a pipe and a socket that nobody reads take what fits, and stay as they were for others") {
    for (const bool is_pipe : {true, false}) {
        const Ends ends = is_pipe ? pipe_ends() : socket_ends();
        const Outlet outlet(ends.write.number());
        CHECK(fill(outlet) > 10'000);
        CHECK((::fcntl(ends.write.number(), F_GETFL) & O_NONBLOCK) == 0);
        std::array<char, 65536> read{};
        REQUIRE(::read(ends.read.number(), read.data(), read.size()) > 0);
        CHECK(outlet.write("more").bytes == 4);
    }
}

TEST_CASE("outlet: a reader that has gone is EPIPE") {
    std::signal(SIGPIPE, SIG_IGN);  // as hail does
    Ends ends = pipe_ends();
    const Outlet outlet(ends.write.number());
    ends.read = {};
    CHECK(outlet.write("x").problem == EPIPE);
}

TEST_CASE("outlet: a descriptor that is open for reading alone cannot be written to") {
    const base::Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    REQUIRE(nothing);
    const Outlet::Written written = Outlet(nothing.number()).write("x");
    CHECK(written.bytes == 0);
    CHECK(written.problem == EBADF);
}
