// Publish and subscribe through tests/support/chaos.h: the account of the publisher must be exact, and a
// subscriber may only miss what lies in a gap that it has announced.
//
// Shape:   the witness is a subscriber whose connection is never damaged: it only misses messages while the
//          broker is down.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/chaos.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;
using chaos::Number;

namespace {

// What subscribe --json --events has printed, in order.
struct Log {
    std::vector<std::optional<Number>> records;  // the number of a message; empty: a gap
    std::vector<std::string> odd;                // other lines
    std::size_t gaps = 0;

    void add(const std::string& line) {
        const std::string before = R"("payload":")";
        const std::size_t at = line.find(before);
        if (line.starts_with(R"({"event":"gap")")) {
            records.emplace_back();
            ++gaps;
        } else if (at == std::string::npos) {
            odd.push_back(line);
        } else {
            records.emplace_back(std::stoul(line.substr(at + before.size())));
        }
    }

    // The numbers from 1 to `last` that are missing although no gap can have swallowed them.
    std::vector<Number> unexplained(Number last) const {
        std::vector<bool> excused(last + 2, false);
        std::vector<bool> seen(last + 2, false);
        Number before = 0;
        bool in_gap = false;
        for (const auto& record : records) {
            if (!record) {
                in_gap = true;
                continue;
            }
            for (Number n = before + 1; in_gap && n < *record; ++n) {
                excused.at(n) = true;
            }
            in_gap = false;
            before = *record;
            seen.at(std::min(*record, last + 1)) = true;
        }
        for (Number n = before + 1; in_gap && n <= last; ++n) {
            excused.at(n) = true;
        }
        std::vector<Number> missing;
        for (Number n = 1; n <= last; ++n) {
            if (!seen[n] && !excused[n]) {
                missing.push_back(n);
            }
        }
        return missing;
    }

    // How many numbers came, and how many of them more than once.
    std::size_t different() const { return count().size(); }
    std::size_t repeated() const {
        const auto counts = count();
        return static_cast<std::size_t>(
            std::count_if(counts.begin(), counts.end(), [](const auto& one) { return one.second > 1; }));
    }

  private:
    std::map<Number, std::size_t> count() const {
        std::map<Number, std::size_t> counts;
        for (const auto& record : records) {
            if (record) {
                ++counts[*record];
            }
        }
        return counts;
    }
};

// Reads until the line that ends the run, in a thread of its own: then no output waits for the test.
class Reader {
  public:
    Reader(const std::string& address, Number last) : process_(command(address)) {
        REQUIRE(mentions(process_.read_error_line().value_or(""), "subscribed to 1 channel"));
        log_ = std::async(std::launch::async, [this, last] {
            Log log;
            while (log.records.empty() || log.records.back() != last) {
                const auto line = process_.read_line();
                if (!line) {
                    log.odd.push_back("the end of the output");
                    break;
                }
                log.add(*line);
            }
            log.records.pop_back();
            done_ = true;
            return log;
        });
    }

    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool done() const { return done_; }
    Log log() { return log_.get(); }

  private:
    static Command command(const std::string& address) {
        Command command =
            hail_command({"subscribe", address, "c", "--json", "--events", "--wait-server", "60s"});
        command.limit = chaos::limit();
        return command;
    }

    Process process_;
    std::atomic<bool> done_ = false;
    std::future<Log> log_;
};

constexpr std::size_t subscribers = 4;

// Ends when all of them, and the witness, are subscribed.
void await_subscribers(const RedisServer& server) {
    const std::string all = "\n" + std::to_string(subscribers + 1);
    while (!mentions(server.command({"PUBSUB", "NUMSUB", "c"}), all)) {
    }
}

// The figures, for somebody who chose the number of messages.
void tell(const std::string& figures) {
    if (chaos::tells()) {
        MESSAGE(figures);
    }
}

}  // namespace

TEST_CASE("chaos: no message is lost unnoticed when connections break and the broker restarts") {
    std::string on_lost;
    SUBCASE("messages without an answer are skipped, and counted as unknown") {
        on_lost = "skip";
    }
    SUBCASE("messages without an answer are sent again") {
        on_lost = "resend";
    }
    const Number total = chaos::messages();
    const Number end_mark = total + 1;
    RedisServer server;
    Peer publisher_proxy(
        chaos::damaged(server.port(), Connection::Way::to_server, 10 + chaos::messages() / 10'000),
        Peer::Others::repeat);
    std::list<Peer> proxies;
    Reader witness(server.socket_address(), end_mark);
    std::list<Reader> readers;
    for (std::size_t i = 0; i < subscribers; ++i) {
        proxies.emplace_back(
            chaos::damaged(server.port(), Connection::Way::to_client, 3 + chaos::messages() / 100'000, i),
            Peer::Others::repeat);
        readers.emplace_back("redis://" + proxies.back().address(""), end_mark);
    }

    Process publisher =
        chaos::start_publisher({"redis://" + publisher_proxy.address(""), "c", "--on-lost", on_lost});
    chaos::feed(publisher, server, [&] { await_subscribers(server); });
    const Outcome end = publisher.wait();
    while (!witness.done() ||
           !std::all_of(readers.begin(), readers.end(), [](const auto& one) { return one.done(); })) {
        server.publish("c", std::to_string(end_mark));
    }

    const std::string summary = chaos::summary_of(end);
    const Number accepted = chaos::part_of(summary, "accepted");
    const Number unknown = chaos::part_of(summary, "unknown");
    INFO(end.err);
    CHECK(chaos::part_of(summary, "read") == total);
    CHECK(accepted + chaos::part_of(summary, "refused") + unknown == total);
    CHECK(publisher_proxy.connections() > 10);
    CHECK(end.code == (unknown > 0 ? 8 : 0));

    const Log seen = witness.log();
    CHECK(seen.odd.empty());
    CHECK(seen.gaps >= 1);
    CHECK(seen.different() <= accepted + unknown);
    tell(summary + "the witness saw " + std::to_string(seen.different()) + ", of these " +
         std::to_string(seen.repeated()) + " repeatedly");
    const std::vector<Number> lost = seen.unexplained(total);
    const Number twice = chaos::part_of(summary, "possibly published twice");
    CHECK(seen.repeated() <= twice);
    if (on_lost == "resend") {
        CHECK(accepted == total);
        CHECK(lost.empty());
    } else {
        CHECK(unknown > 0);
        CHECK(lost.size() <= unknown);
    }
    // Of what the witness saw, and of what was accepted, a subscriber may only miss what fell into its gaps.
    const std::set<std::optional<Number>> taken(seen.records.begin(), seen.records.end());
    for (Reader& reader : readers) {
        const Log log = reader.log();
        tell("a subscriber saw " + std::to_string(log.different()) + " and " + std::to_string(log.gaps) +
             " gaps");
        CHECK(log.odd.empty());
        CHECK(log.gaps >= 2);
        CHECK(log.repeated() <= twice);  // the witness may come back later than this one
        const std::vector<Number> absent = log.unexplained(total);
        CHECK(std::none_of(absent.begin(), absent.end(), [&](Number n) { return taken.contains(n); }));
        CHECK((on_lost == "skip" || absent.empty()));
    }
}

TEST_CASE("chaos: broken runs that are resumed at the line they name lose nothing") {
    const Number total = chaos::messages();
    const RedisServer server;
    const TemporaryDirectory folder;
    Peer proxy(chaos::damaged(server.port(), Connection::Way::to_server, 10 + total / 10'000),
               Peer::Others::repeat);
    Reader witness(server.socket_address(), total + 1);
    Number done = 0;
    Number doubtful = 0;
    for (;;) {
        Command command = hail_command({"publish", proxy.address(""), "c", "--window", "100"});
        command.input_file = folder.file("rest", chaos::lines(done + 1, total));
        command.limit = chaos::limit();
        const Outcome end = run(command);
        if (end.code == 0) {
            break;
        }
        const std::string summary = chaos::summary_of(end);
        INFO(end.err);
        REQUIRE(end.code == 8);
        const Number unknown = chaos::part_of(summary, "unknown");
        const Number resume = chaos::part_of(summary, "resume at input line");
        CHECK(chaos::part_of(summary, "read") ==
              chaos::part_of(summary, "accepted") + unknown + chaos::part_of(summary, "not sent"));
        REQUIRE(resume == chaos::part_of(summary, "accepted") + 1);
        done += resume - 1;
        doubtful += unknown;
    }
    server.publish("c", std::to_string(total + 1));
    const Log seen = witness.log();
    CHECK(proxy.connections() > 5);
    CHECK(seen.gaps == 0);
    CHECK(seen.unexplained(total).empty());
    CHECK(seen.repeated() <= doubtful);
}
