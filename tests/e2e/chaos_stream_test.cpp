// A stream and a group of consumers through tests/support/chaos.h: nothing may be missing at all.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/chaos.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;
using chaos::Number;

namespace {

// A consumer of a group that is killed again and again, and always comes back under its name. It ends when
// nothing is left for it after the publisher has ended.
struct Consumption {
    std::map<Number, std::size_t> seen;
    std::size_t kills = 0;
    std::vector<std::string> odd;
};

Consumption consume(const std::string& address, const std::string& name, const std::atomic<bool>& published) {
    const std::size_t enough = chaos::messages() / 1000;
    Consumption result;
    Command command = hail_command({"subscribe", address, "c", "--stream", "--group", "g", "--consumer", name,
                                    "--until-end", "--wait-server", "60s"});
    command.limit = chaos::limit();
    for (bool more = true; more;) {
        const bool last = published;
        Process process(command);
        std::vector<std::string> lines;
        for (auto line = process.read_line(); line; line = process.read_line()) {
            lines.push_back(*line);
            if (lines.size() == enough) {
                process.signal(SIGKILL);
            }
        }
        const Outcome end = process.wait();
        result.kills += end.signal == SIGKILL ? 1 : 0;
        if (end.signal != SIGKILL && end.code != 0) {
            result.odd.push_back(end.err);
        }
        for (const std::string& line : lines) {
            if (line.ends_with('.')) {  // the last one of a killed process may be cut
                ++result.seen[std::stoul(line)];
            }
        }
        more = !last || !lines.empty() || end.code != 0;
    }
    return result;
}

}  // namespace

TEST_CASE("chaos: a group of consumers gets everything from a stream, though they are killed all the time") {
    const Number total = chaos::messages();
    // With "everysec", the default, a server whose disk is slow confirms what a kill then takes from it.
    RedisServer server({.arguments = {"--appendonly", "yes", "--appendfsync", "no"}});
    server.command({"XGROUP", "CREATE", "c", "g", "0", "MKSTREAM"});
    Peer publisher_proxy(
        chaos::damaged(server.port(), Connection::Way::to_server, 10 + chaos::messages() / 10'000),
        Peer::Others::repeat);
    Peer proxy(chaos::damaged(server.port(), Connection::Way::to_client, 100 + chaos::messages() / 2000),
               Peer::Others::repeat);
    std::atomic<bool> published = false;
    std::vector<std::future<Consumption>> consumers;
    const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> when_it_fails(
        &published, [](std::atomic<bool>* flag) { *flag = true; });
    for (const std::string name : {"a", "b", "d"}) {
        consumers.push_back(std::async(std::launch::async, consume, "redis://" + proxy.address(""), name,
                                       std::cref(published)));
    }
    Process publisher = chaos::start_publisher({"redis://" + publisher_proxy.address(""), "c", "--stream",
                                                "--id-from", "line", "--on-lost", "resend"});
    chaos::feed(publisher, server, [] {});
    const Outcome end = publisher.wait();
    published = true;

    INFO(end.err);
    CHECK(end.code == 0);
    Consumption all;
    for (auto& consumer : consumers) {
        const Consumption one = consumer.get();
        all.kills += one.kills;
        for (const auto& [number, times] : one.seen) {
            all.seen[number] += times;
        }
        for (const std::string& failure : one.odd) {
            FAIL_CHECK(failure);
        }
    }
    const auto twice =
        std::count_if(all.seen.begin(), all.seen.end(), [](const auto& one) { return one.second > 1; });
    if (chaos::tells()) {
        MESSAGE(chaos::summary_of(end)
                << all.kills << " consumers were killed, " << twice << " messages came more than once");
    }
    CHECK(all.kills >= 3);
    CHECK(all.seen.size() == total);
    CHECK(all.seen.rbegin()->first == total);
    CHECK(mentions(server.command({"XLEN", "c"}), std::to_string(total)));
    CHECK(server.command({"XPENDING", "c", "g"}).starts_with("0"));
}
