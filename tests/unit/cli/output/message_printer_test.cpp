#include "cli/output/message_printer.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "lib/base/owned.h"

using namespace hail;
using namespace hail::cli::output;

TEST_CASE("message printer: a reader that hangs up ends the run, whatever kind of output it reads") {
    Console console({});
    MessagePrinter printer(console, {MessageForm::payload, '\n'}, ReadySignal(""), "1 channel",
                           Backlog(100, Overflow::spool, "/tmp"), MessagePrinter::Events::on_stderr);
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const base::Descriptor ours(ends[0]);
    base::Descriptor reader(ends[1]);
    std::vector<pollfd> polls;
    printer.add_polls(polls);
    REQUIRE(polls.size() == 1);
    polls.front().fd = ours.number();
    CHECK(::poll(polls.data(), 1, 0) == 0);
    CHECK_NOTHROW(printer.polled(polls));
    reader = {};
    REQUIRE(::poll(polls.data(), 1, 0) == 1);
    CHECK_THROWS_AS(printer.polled(polls), OutputClosed);
}
