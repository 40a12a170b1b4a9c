#include "lib/redis/replies.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "lib/net/byte_stream.h"

using namespace hail;
using redis::Meaning;

TEST_CASE("redis replies: each error reply has one meaning") {
    struct Row {
        std::string_view reply;
        Meaning meaning;
    };
    constexpr std::array<Row, 19> rows{{
        {"LOADING Redis is loading the dataset in memory", Meaning::passing},
        {"BUSY Redis is busy running a script. You can only call SCRIPT KILL", Meaning::passing},
        {"BUSYGROUP Consumer Group name already exists", Meaning::command},
        {"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
         Meaning::passing},
        {"CLUSTERDOWN The cluster is down", Meaning::passing},
        {"TRYAGAIN Multiple keys request during rehashing of slot", Meaning::passing},
        {"ERR max number of clients reached", Meaning::passing},
        {"ERR max number of clients + cluster connections reached", Meaning::passing},
        {"WRONGPASS invalid username-password pair or user is disabled.", Meaning::login},
        {"ERR Client sent AUTH, but no password is set", Meaning::login},
        {"NOAUTH Authentication required.", Meaning::client},
        {"NOPERM this user has no permissions to access one of the channels used as arguments",
         Meaning::channel},
        {"NOPERM No permissions to access a channel", Meaning::channel},
        {"NOPERM this user has no permissions to run the 'publish' command", Meaning::client},
        {"ERR unknown command 'PUBLISH', with args beginning with: 'c' 'x' ", Meaning::client},
        {"READONLY You can't write against a read only replica.", Meaning::client},
        {"DENIED Redis is running in protected mode", Meaning::client},
        {"OOM command not allowed when used memory > 'maxmemory'.", Meaning::command},
        {"ERR anything else", Meaning::command},
    }};
    for (const Row& row : rows) {
        CAPTURE(std::string(row.reply));
        CHECK(redis::meaning(row.reply) == row.meaning);
    }
}

TEST_CASE("redis replies: only a passing state asks for another try") {
    CHECK_THROWS_AS(redis::throw_refusal("logging in", "LOADING Redis is loading"), net::NotReached);
    try {
        redis::throw_refusal("logging in", "WRONGPASS invalid\r\nusername");
    } catch (const net::NotReached&) {
        FAIL_CHECK("another try cannot succeed");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::refused);
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        CHECK(error.hint() == "check the user name and the password");
    }
}
