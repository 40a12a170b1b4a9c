#include "lib/redis/session.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "tests/support/peer.h"
#include "tests/support/redis_server.h"

using namespace hail;
using base::Exit;

namespace {

net::Address address_of(const std::string& text) {
    return net::parse_address(text, {.family = net::AddressRules::Family::broker, .default_scheme = {}});
}

std::string with_user(const support::RedisServer& server, const std::string& user,
                      const std::string& path = {}) {
    return "redis://" + user + "@localhost:" + std::to_string(server.port()) + path;
}

base::Error error_of(const std::string& address) {
    const base::Stop stop;
    try {
        const redis::Session session(address_of(address), {}, {.client_name = "hail"}, stop);
    } catch (const base::Error& error) {
        return error;
    }
    return {Exit::ok, "logged in"};
}

}  // namespace

TEST_CASE("redis session: the handshake has only the commands that are needed") {
    CHECK(redis::handshake_commands(address_of("h"), {}).empty());
    CHECK(redis::handshake_commands(address_of("redis://:pw@h/3"), {.client_name = "hail"}) ==
          std::vector<std::vector<std::string>>{
              {"AUTH", "pw"}, {"SELECT", "3"}, {"CLIENT", "SETNAME", "hail"}});
    CHECK(redis::handshake_commands(address_of("redis://me:pw@h"), {}) ==
          std::vector<std::vector<std::string>>{{"AUTH", "me", "pw"}});
}

TEST_CASE("redis session: users, passwords and databases are accepted or refused") {
    const support::RedisServer server(
        {.arguments = {"--user", "me", "on", ">secret", "~*", "&*", "+@all", "--user", "quiet", "on",
                       ">secret", "~*", "&*", "+ping"}});
    CHECK(error_of(with_user(server, "me:secret", "/3")).exit() == Exit::ok);
    CHECK(error_of(with_user(server, "quiet:secret")).exit() == Exit::ok);  // the name may be refused

    const auto wrong = error_of(with_user(server, "me:wrong"));
    CHECK(wrong.exit() == Exit::refused);
    CHECK(std::string(wrong.what()).find("WRONGPASS") != std::string::npos);
    CHECK(std::string(wrong.what()).find("wrong@") == std::string::npos);
    CHECK(wrong.hint() == "check the user name and the password");
    CHECK(error_of(with_user(server, "me:secret", "/99")).exit() == Exit::refused);
}

TEST_CASE("redis session: a password that the server does not need causes a warning") {
    const support::RedisServer server;
    const base::Stop stop;
    const redis::Session session(address_of(with_user(server, ":needless")), {}, {}, stop);
    REQUIRE(session.warnings().size() == 1);
    CHECK(session.warnings()[0].find("needs no password") != std::string::npos);
}

TEST_CASE("redis session: a full server refuses the connection") {
    const support::RedisServer server({.arguments = {"--maxclients", "1"}});
    const base::Stop stop;
    redis::Session first(address_of(server.address()), {}, {.client_name = "hail"}, stop);
    CHECK(error_of(server.address()).exit() == Exit::refused);
    CHECK(error_of(server.address()).hint().find("maxclients") != std::string::npos);
}

TEST_CASE("redis session: a server that ends the connection over the client's name is asked without it") {
    const support::Peer peer(
        {{support::read_until("hail\r\n"), support::cut()},
         {support::read_until("PING\r\n"), support::send("+PONG\r\n"), support::stall()}});
    const base::Stop stop;
    redis::Session session(address_of(peer.address("")), {}, {.client_name = "hail"}, stop);
    session.stream().out().append("PING\r\n");
    std::string got;
    while (got != "+PONG\r\n") {
        session.stream().flush();
        std::array<char, 64> buffer{};
        const net::Received received = session.stream().receive(buffer);
        REQUIRE((received.state == net::State::open || received.state == net::State::blocked));
        got.append(buffer.data(), received.bytes);
        if (received.state == net::State::blocked) {
            session.stream().wait({}, nullptr);
        }
    }
}

TEST_CASE("redis session: the client's name may be refused in any words") {
    const support::Peer peer(
        {{support::read_until("hail\r\n"), support::send("-ERR blocked by proxy\r\n"), support::stall()}});
    CHECK(error_of(peer.address("")).exit() == Exit::ok);
}
