// Calls that break or are stopped on the way: the error says how far they came, and where the output is.

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <thread>

#include "lib/base/deadline.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;
namespace base = hail::base;

namespace {

const std::string begun = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";

// The error of an upload that is larger than every buffer on the way, after whose head the peer does this.
std::string broken_upload(const Script& then) {
    const TemporaryDirectory folder;
    const std::string file = folder.file("large", std::string(32'000'000, 'x'));
    Script script{read_until("\r\n\r\n")};
    script.insert(script.end(), then.begin(), then.end());
    Peer peer({script});
    const Outcome outcome = rest({"PUT", peer.address("/"), "-d", "@" + file});
    CHECK(outcome.code == 8);
    return outcome.err;
}

}  // namespace

TEST_CASE("rest break: an upload that breaks is not blamed on a reply that had not begun") {
    const std::string sending = "the connection broke while the request was being sent";
    CHECK(mentions(broken_upload({reset()}), sending));
    CHECK(mentions(broken_upload({send("HTTP/1.1 100 Continue\r\n\r\n"), reset()}), sending));
    CHECK(mentions(broken_upload({send("HTTP/1.1 103 Early Hints\r\n\r\n"), reset()}), sending));
}

TEST_CASE("rest break: a signal during the reply is reported as such, and the part is named") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("f");
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\n\r\nabc"), stall()}});
    Process process(hail_command({"rest", peer.address("/"), "-o", file}));
    const auto limit = base::Deadline::after(base::Milliseconds(10'000));
    while (!limit.passed() && (!folder.has("f.part") || read_file(file + ".part") != "abc")) {
        std::this_thread::yield();  // a reply without a length is written as it arrives
    }
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 130);
    CHECK(mentions(outcome.err, "the output so far was kept in " + file + ".part"));
    CHECK(mentions(outcome.err, "stopped by a signal in the middle of the reply"));
    CHECK(read_file(file + ".part") == "abc");
    CHECK_FALSE(folder.has("f"));
}

TEST_CASE("rest break: a reply that is cut leaves a part, and the error names it") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("f");
    Peer peer({{read_request(), send(begun), cut()}});
    const Outcome outcome = rest({peer.address("/"), "-o", file});
    CHECK(outcome.code == 8);
    CHECK(mentions(outcome.err, "the output so far was kept in " + file + ".part"));
    const Outcome refused = rest({"localhost:1", "-o", file});
    CHECK(refused.code == 7);
    CHECK_FALSE(mentions(refused.err, "kept"));
}
