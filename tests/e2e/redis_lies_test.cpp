// Redis servers that send without a pause, which must not put off any time limit, and others that lie.

#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "lib/base/deadline.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

// Sends this again and again until the client goes, which must be within 10 s.
Step flood(const std::string& bytes) {
    return [bytes](Connection& connection) {
        std::string many;
        while (many.size() < 256UL * 1024) {
            many += bytes;
        }
        const auto enough = hail::base::Deadline::after(hail::base::Milliseconds(10'000));
        try {
            while (!enough.passed()) {
                connection.send(many);
            }
        } catch (const std::system_error&) {
            return;  // the client is gone
        }
        throw std::runtime_error("the client did not go");
    };
}

// On a slow machine the time limit may pass before this: then the client is gone.
Step send_in_time(const std::string& bytes) {
    return [bytes](Connection& connection) {
        try {
            connection.send(bytes);
        } catch (const std::system_error&) {
            connection.close();
        }
    };
}

const std::string pong = "*2\r\n$4\r\npong\r\n$0\r\n\r\n";

std::string thousand_words() {
    std::string bytes = "*1000\r\n";
    for (int i = 0; i < 1000; ++i) {
        bytes += "+x\r\n";
    }
    return bytes;
}

// An answer that never ends.
Script endless_answer(const std::string& to, const std::string& beginning = "*1000000\r\n") {
    return {read_until(to), send_in_time(beginning), flood(thousand_words())};
}

std::string confirmation(const std::string& channel) {
    return "*3\r\n$9\r\nsubscribe\r\n$" + std::to_string(channel.size()) + "\r\n" + channel + "\r\n:1\r\n";
}

// Confirms the channel of the answers.
Step confirm_inbox() {
    return [](Connection& connection) {
        std::string asked;
        connection.read_until("SUBSCRIBE\r\n", asked);
        connection.read_until("\r\n", asked);
        std::string name;
        connection.read_until("\r\n", name);
        send_in_time(confirmation(name.substr(0, name.size() - 2)))(connection);
    };
}

void check(std::vector<Script> scripts, std::vector<std::string> words, int code) {
    Peer peer(std::move(scripts));
    words.insert(words.begin() + 1, "redis://" + peer.address(""));
    CAPTURE(words[0] + " " + words.back());
    const auto begin = hail::base::Deadline::Clock::now();
    const Outcome outcome = hail::support::hail(words);
    CHECK(hail::base::Deadline::Clock::now() - begin < std::chrono::seconds(5));
    CHECK_MESSAGE(outcome.code == code, outcome.err);
    CHECK_NOTHROW(peer.finish());
}

}  // namespace

TEST_CASE("redis lies: a server that sends without a pause does not put off the time limits") {
    const Script named{read_until("SETNAME"), send_in_time("+OK\r\n")};
    const auto with = [](Script script, const std::vector<Step>& more) {
        script.insert(script.end(), more.begin(), more.end());
        return script;
    };
    const Script unconfirmed = with(named, {read_until("SUBSCRIBE"), flood(pong)});
    const Script subscribed =
        with(named, {read_until("SUBSCRIBE"), send_in_time(confirmation("c")), flood(pong)});
    const Script asking = with(named, {confirm_inbox(), flood(pong)});
    const Script taken{read_until("PUBLISH"), send("*2\r\n$4\r\nrole\r\n$6\r\nmaster\r\n:1\r\n")};
    check({endless_answer("CONFIG")}, {"subscribe", "__keyspace@0__:k", "--connect-timeout", "100ms"}, 2);
    check({endless_answer("HELLO")}, {"publish", "c", "m", "--timeout", "100ms"}, 8);
    check({endless_answer("NUMSUB")}, {"publish", "c", "m", "--wait-receivers", "100ms"}, 2);
    check({unconfirmed}, {"publish", "c", "m", "--request", "--timeout", "100ms"}, 2);
    // Long enough for two connections.
    check({asking, taken}, {"publish", "c", "m", "--request", "--timeout", "1s"}, 2);
    check({unconfirmed}, {"subscribe", "c", "--connect-timeout", "100ms"}, 2);
    for (const char* const limit : {"--first-within", "--idle-timeout", "--timeout"}) {
        check({subscribed}, {"subscribe", "c", limit, "100ms"}, 2);
    }
    check({subscribed}, {"subscribe", "c", "--for", "100ms"}, 0);
    check({with(named, endless_answer("XINFO", "*2\r\n$1\r\nx\r\n*1000000\r\n"))},
          {"subscribe", "c", "--stream", "--connect-timeout", "100ms"}, 2);
}

TEST_CASE("redis lies: an answer that comes before the message was sent does not count") {
    const TemporaryDirectory folder;
    // Nobody reads the rest. The client leaves more unread than it takes, so that its end is a reset.
    const std::string answers = "-ERR unknown command 'HELLO'\r\n:1\r\n" + std::string(256UL << 10U, ':');
    const Step wait_for_reset = [](Connection& connection) {
        pollfd entry{connection.socket(), 0, 0};
        CHECK(::poll(&entry, 1, 10'000) == 1);
    };
    Peer peer({{read_until("PUBLISH"), send(answers), wait_for_reset}});
    Command publish = hail_command({"publish", "redis://" + peer.address(""), "c", "--whole"});
    publish.input_file = folder.file("large", std::string(16UL << 20U, 'x'));
    const Outcome outcome = run(publish);
    CHECK(outcome.code == 8);
    CHECK_MESSAGE(mentions(outcome.err, "before all of it was sent"), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "read 1, accepted 0, unknown 1; "), outcome.err);
}

TEST_CASE("redis lies: a line without an end is refused") {
    const Script login{read_until("AUTH"), send("+"), flood("x")};
    check({login}, {"publish", "c", "m", "--user", "u:p", "--connect-timeout", "5s"}, 9);
    const Script confirmation_cut{read_until("SETNAME"), send("+OK\r\n"), read_until("SUBSCRIBE"), send("-"),
                                  flood("x")};
    check({confirmation_cut}, {"subscribe", "c", "--for", "5s"}, 9);
}
