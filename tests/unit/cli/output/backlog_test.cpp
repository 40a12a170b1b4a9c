#include "cli/output/backlog.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "tests/support/directory.h"

using namespace hail;
using cli::output::Backlog;
using cli::output::Overflow;

namespace {

// Takes at most this many bytes.
std::string take(Backlog& backlog, std::size_t most) {
    std::string bytes;
    while (!backlog.empty() && bytes.size() < most) {
        const std::string piece(backlog.front().substr(0, most - bytes.size()));
        bytes += piece;
        backlog.consume(piece.size());
    }
    return bytes;
}

// Records of 1 to `most` bytes, each of one letter and a newline.
std::string record(std::uint64_t number, std::size_t size) {
    return std::string(size, static_cast<char>('a' + number % 26)) + "\n";
}

}  // namespace

TEST_CASE("backlog: records that overflow into a file come back in order, whatever the sizes") {
    std::mt19937 random(7);  // NOLINT: the same sequence each time
    Backlog backlog(10'000, Overflow::spool, "/tmp");
    std::string expected;
    std::string got;
    std::size_t most = 0;
    for (std::uint64_t number = 0; number < 20'000; ++number) {
        const std::string one = record(number, random() % 700);
        backlog.add(one);
        expected += one;
        if (random() % 3 == 0) {
            got += take(backlog, random() % 1500);
        }
        most = std::max(most, backlog.in_memory());
    }
    got += take(backlog, expected.size());
    CHECK(got == expected);
    CHECK(backlog.empty());
    CHECK(most < 1'200'000);  // what is read back from the file in one go
}

TEST_CASE("backlog: a queue of no bytes loses nothing") {
    Backlog backlog(0, Overflow::spool, "/tmp");
    std::string expected;
    std::string got;
    for (std::uint64_t number = 0; number < 1'000; ++number) {
        const std::string one = record(number, 10);
        backlog.add(one);
        expected += one;
        got += take(backlog, number % 3);
    }
    got += take(backlog, expected.size());
    CHECK(got == expected);
}

TEST_CASE("backlog: a record that is larger than the queue passes through an empty one") {
    for (const Overflow overflow : {Overflow::spool, Overflow::drop_oldest, Overflow::stop}) {
        Backlog backlog(100, overflow, "/tmp");
        const std::string large(100'000, 'x');
        backlog.add(large);
        CHECK(take(backlog, 1'000'000) == large);
        CHECK(backlog.dropped() == 0);
    }
}

TEST_CASE("backlog: the oldest records are dropped whole, except one that is partly written") {
    std::mt19937 random(11);  // NOLINT: the same sequence each time
    Backlog backlog(5'000, Overflow::drop_oldest, "/tmp");
    std::string got;
    std::uint64_t added = 0;
    for (; added < 20'000; ++added) {
        backlog.add(std::to_string(added) + ":" + record(added, random() % 300));
        got += take(backlog, random() % 200);
    }
    got += take(backlog, 1'000'000);
    std::uint64_t lines = 0;
    std::uint64_t last = 0;
    for (std::size_t at = 0; at < got.size();) {
        const std::size_t end = got.find('\n', at);
        REQUIRE(end != std::string::npos);
        const std::string line = got.substr(at, end - at);
        const std::uint64_t number = std::stoull(line);
        CHECK((lines == 0 || number > last));
        const std::string letters = line.substr(line.find(':') + 1);
        CHECK(letters.find_first_not_of(static_cast<char>('a' + number % 26)) == std::string::npos);
        last = number;
        ++lines;
        at = end + 1;
    }
    CHECK(last == added - 1);
    CHECK(backlog.dropped() > 0);
    CHECK(lines + backlog.dropped() == added);
}

TEST_CASE("backlog: a full queue can end the run") {
    Backlog backlog(100, Overflow::stop, "/tmp");
    backlog.add(std::string(90, 'x'));
    try {
        backlog.add(std::string(90, 'y'));
        FAIL_CHECK("it was taken");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::unknown);
        CHECK(error.hint().find("--queue") != std::string::npos);
    }
}

TEST_CASE("backlog: a spool that cannot be opened is an output failure that names the folder") {
    const support::TemporaryDirectory folder;
    Backlog backlog(10, Overflow::spool, folder.path("missing"));
    backlog.add("0123456789");
    try {
        backlog.add("more");
        FAIL_CHECK("it was taken");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::output_failed);
        CHECK(std::string(error.what()).find("missing") != std::string::npos);
    }
}
