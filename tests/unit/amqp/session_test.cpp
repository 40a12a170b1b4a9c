#include "lib/amqp/session.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>

#include "lib/base/error.h"
#include "lib/net/failure.h"
#include "tests/support/amqp_frames.h"
#include "tests/support/process.h"

using namespace hail;
using base::Exit;
using support::Peer;
using support::Script;
namespace peer = hail::support::amqp;

namespace {

net::Address address_of(const Peer& server, const std::string& login = "me:pw@",
                        const std::string& rest = "") {
    return net::parse_address("amqp://" + login + "127.0.0.1:" + std::to_string(server.port()) + rest,
                              {.family = net::Family::broker, .default_scheme = {}});
}

std::unique_ptr<amqp::Session> open(const Peer& server, const std::string& login = "me:pw@",
                                    const std::string& rest = "", const amqp::SessionOptions& options = {},
                                    base::Milliseconds limit = base::Milliseconds(20'000)) {
    net::ConnectOptions connect;
    connect.connect_timeout = limit;
    const base::Stop stop;
    return std::make_unique<amqp::Session>(address_of(server, login, rest), connect, options, stop);
}

struct Fault {
    Exit exit = Exit::ok;
    std::string text;
    std::string hint;
};

Fault fault_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const base::Error& error) {
        std::string text = error.what();
        const auto where = text.find("127.0.0.1:");
        if (where != std::string::npos) {
            text.replace(where, text.find_first_not_of("0123456789.:", where) - where, "HOST ");
        }
        return {error.exit(), text, error.hint()};
    }
    return {};
}

// The fault of a login that goes by this script.
Fault login_fault(const Script& script, const std::string& login = "me:pw@") {
    const Peer server({script});
    return fault_of([&] { open(server, login); });
}

support::Step read_head() {
    return [](support::Connection& connection) {
        std::string head;
        connection.read_count(8, head);
    };
}

// A login that works.
Script login_script(const std::string& tune = peer::tune()) {
    return {peer::log_in(tune)};
}

}  // namespace

TEST_CASE("amqp login: the server learns the user, the virtual host, a name and what hail can do") {
    Peer server({{peer::log_in(), support::stall()}});
    const auto session = open(server, "me:p%40ss%C3%BC@", "/dev%2Fone", {.name = "hail publish jobs"});
    CHECK(session->frame_max() == 131'072);
    CHECK(session->heartbeat() == base::Milliseconds(60'000));
    const auto received = server.received();
    REQUIRE(received.size() == 4);
    CHECK(received[0].head == std::string("AMQP\0\0\x09\x01", 8));
    CHECK(support::mentions(received[1].head, peer::short_text("PLAIN") +
                                                  peer::long_text(std::string("\0me\0p@ss\xC3\xBC", 10))));
    CHECK(support::mentions(received[1].head, "hail publish jobs"));
    for (const char* const capability :
         {"publisher_confirms", "basic.nack", "connection.blocked", "consumer_cancel_notify",
          "authentication_failure_close", "exchange_exchange_bindings"}) {
        CHECK(support::mentions(received[1].head, std::string(capability) + "t\1"));
    }
    CHECK(received[2].head == peer::method(0, 10, 31, peer::u16(2047) + peer::u32(131'072) + peer::u16(60)));
    CHECK(received[3].head ==
          peer::method(0, 10, 40, peer::short_text("dev/one") + peer::short_text("") + peer::u8(0)));
}

TEST_CASE("amqp login: without a user, guest logs in to the default virtual host") {
    for (const std::string rest : {"", "/", "/%2F", "/?"}) {
        Peer server({login_script()});
        open(server, "", rest);
        const auto received = server.finish();
        CHECK(support::mentions(received[1].head, std::string("\0guest\0guest", 12)));
        CHECK(support::mentions(received[3].head, peer::short_text("/")));
    }
}

TEST_CASE("amqp login: settings of the address and of the options lower what the server offers") {
    Peer server({login_script(peer::tune(100, 131'072, 60)), login_script(peer::tune(0, 0, 0)),
                 login_script(peer::tune(2047, 8'192, 5)), login_script()});
    open(server, "", "/?heartbeat=10&channel_max=7&frame_max=4096&connection_timeout=9000");
    open(server, "", "/?heartbeat=10");
    open(server, "", "?heartbeat=10");
    open(server, "", "?heartbeat=10", {.heartbeat = base::Milliseconds(0)});
    const auto received = server.finish();
    const auto tuned = [&](std::size_t connection) {
        std::vector<std::string> heads;
        for (const auto& one : received) {
            if (support::mentions(one.head, std::string("\0\x0A\0\x1F", 4))) {
                heads.push_back(one.head.substr(11, 8));
            }
        }
        return heads.at(connection);
    };
    CHECK(tuned(0) == peer::u16(7) + peer::u32(4'096) + peer::u16(10));
    CHECK(tuned(1) == peer::u16(0) + peer::u32(131'072) + peer::u16(10));
    CHECK(tuned(2) == peer::u16(2047) + peer::u32(8'192) + peer::u16(5));
    CHECK(tuned(3) == peer::u16(2047) + peer::u32(131'072) + peer::u16(0));
}

TEST_CASE("amqp login: wrong settings in the address are refused before connecting") {
    const Peer server({});
    const auto fault = [&](const std::string& rest) { return fault_of([&] { open(server, "", rest); }); };
    CHECK(support::mentions(fault("?colour=red").text, "there is no setting 'colour'"));
    CHECK(support::mentions(fault("?heartbeat=x").text, "heartbeat=x is not a number from 0 to 65535"));
    CHECK(support::mentions(fault("?heartbeat=70000").text, "is not a number"));
    CHECK(support::mentions(fault("?frame_max=4095").text, "from 4096 to 131072"));
    CHECK(support::mentions(fault("?auth_mechanism=magic").text, "neither plain nor external"));
    CHECK(fault("?heartbeat=").exit == Exit::usage);
    CHECK(server.connections() == 0);
}

TEST_CASE("amqp login: EXTERNAL is used if it is wanted, and only if the server offers it") {
    Peer server({{read_head(), support::send(peer::start("PLAIN EXTERNAL")), peer::read_frames(1),
                  support::send(peer::tune()), peer::read_frames(2), support::send(peer::open_ok())},
                 {read_head(), support::send(peer::start("PLAIN AMQPLAIN")), support::stall()},
                 {read_head(), support::send(peer::start("EXTERNALLY")), support::stall()}});
    open(server, "", "?auth_mechanism=EXTERNAL");
    const Fault lacking = fault_of([&] { open(server, "", "", {.auth = amqp::Auth::external}); });
    CHECK(lacking.exit == Exit::refused);
    CHECK(
        support::mentions(lacking.text, "the server does not offer the login EXTERNAL, only PLAIN AMQPLAIN"));
    CHECK(
        support::mentions(fault_of([&] { open(server); }).text, "the server does not offer the login PLAIN"));
    CHECK(support::mentions(server.received()[0].head, peer::short_text("EXTERNAL") + peer::long_text("")));
}

TEST_CASE("amqp login: refusals are told in the words of the server") {
    const auto refused = [](std::uint16_t code, const std::string& text,
                            const std::string& login = "me:pw@") {
        return login_fault({read_head(), support::send(peer::start()), peer::read_frames(1),
                            support::send(peer::close(code, text)), peer::read_frames(1)},
                           login);
    };
    const Fault wrong = refused(403, "ACCESS_REFUSED - Login was refused");
    CHECK(wrong.exit == Exit::refused);
    CHECK(wrong.text == "logging in to amqp://me:***@HOST  403 ACCESS_REFUSED - Login was refused");
    CHECK(support::mentions(refused(403, "x", "").hint, "lets guest in only from its own machine"));
    CHECK(refused(530, "NOT_ALLOWED - vhost nope not found").exit == Exit::refused);
    CHECK(refused(320, "CONNECTION_FORCED - shutdown").exit == Exit::unreachable);
    const Fault host = login_fault({read_head(), support::send(peer::start()), peer::read_frames(1),
                                    support::send(peer::tune()), peer::read_frames(2),
                                    support::send(peer::close(530, "NOT_ALLOWED - vhost nope not found"))});
    CHECK(support::mentions(host.text, "530 NOT_ALLOWED - vhost nope not found"));
    CHECK(support::mentions(host.hint, "check the virtual host"));
}

TEST_CASE("amqp login: a refused certificate has a hint of its own") {
    const Peer server({{read_head(), support::send(peer::start("PLAIN EXTERNAL")), peer::read_frames(1),
                        support::send(peer::close(403, "no")), peer::read_frames(1)}});
    const Fault fault = fault_of([&] { open(server, "", "", {.auth = amqp::Auth::external}); });
    CHECK(fault.exit == Exit::refused);
    CHECK(fault.hint == "give a certificate with --cert whose name is a user of the server");
}

TEST_CASE("amqp login: a wrong password throws LoginRefused, so that it can be read again") {
    const Peer server({{read_head(), support::send(peer::start()), peer::read_frames(1),
                        support::send(peer::close(403, "no"))}});
    CHECK_THROWS_AS(open(server), net::LoginRefused);
}

TEST_CASE("amqp login: a connection that ends is unreachable, during the login with a guess") {
    for (const support::Step& end : {support::cut(), support::reset()}) {
        CHECK(login_fault({end}).exit == Exit::unreachable);
        CHECK(login_fault({read_head(), end}).exit == Exit::unreachable);
        const Fault login =
            login_fault({read_head(), support::send(peer::start()), peer::read_frames(1), end});
        CHECK(login.exit == Exit::unreachable);
        CHECK(support::mentions(login.text, "closed during login: wrong user or password?"));
        const Fault open_fault = login_fault({read_head(), support::send(peer::start()), peer::read_frames(1),
                                              support::send(peer::tune()), peer::read_frames(2), end});
        CHECK(open_fault.exit == Exit::unreachable);
        CHECK_FALSE(support::mentions(open_fault.text, "password"));
    }
}

TEST_CASE("amqp login: an HTTP server is named, and one that only ends the connection is guessed") {
    const Fault http = login_fault({read_head(), support::send("HTTP/1.1 400 Bad Request\r\n\r\n")});
    CHECK(http.exit == Exit::bad_reply);
    CHECK(support::mentions(http.text, "the answer is not AMQP but HTTP"));
    CHECK(support::mentions(http.hint, "RabbitMQ's management; AMQP is usually on port 5672"));
    const Fault closed = login_fault({read_head(), support::cut()});
    CHECK(closed.exit == Exit::unreachable);
    CHECK(
        support::mentions(closed.hint, "if the server expects TLS, use amqps://; an HTTP server, such as "));
    const Fault login =
        login_fault({read_head(), support::send(peer::start()), peer::read_frames(1), support::cut()});
    CHECK_FALSE(support::mentions(login.hint, "HTTP"));
}

TEST_CASE("amqp login: a connection that breaks is worth another try if the server tells wrong logins") {
    for (const support::Step& end : {support::cut(), support::reset()}) {
        const Peer server(
            {{read_head(), support::send(peer::start_that_tells_refusals()), peer::read_frames(1), end}});
        try {
            open(server);
            FAIL_CHECK("it was accepted");
        } catch (const net::NotReached& failure) {
            CHECK(failure.exit() == Exit::unreachable);
            CHECK_FALSE(support::mentions(failure.what(), "password"));
        }
    }
}

TEST_CASE("amqp login: silence at any step ends with the time limit") {
    const std::vector<Script> silent{
        {support::stall()},
        {read_head(), support::send(peer::start().substr(0, 20)), support::stall()},
        {read_head(), support::send(peer::start()), peer::read_frames(1), support::stall()},
        {read_head(), support::send(peer::start()), peer::read_frames(1), support::send(peer::tune()),
         support::stall()}};
    for (const Script& script : silent) {
        const Peer server({script});
        const Fault fault = fault_of([&] { open(server, "me:pw@", "", {}, base::Milliseconds(100)); });
        CHECK(fault.exit == Exit::timed_out);
        CHECK(support::mentions(fault.text, "no answer in time"));
    }
}

TEST_CASE("amqp login: frames that are missing, repeated, cut, oversized or badly ended are refused") {
    const auto answer = [](const std::string& first, const std::string& second = {},
                           const std::string& third = {}) {
        return login_fault({read_head(), support::send(first), peer::read_frames(second.empty() ? 0 : 1),
                            support::send(second), peer::read_frames(third.empty() ? 0 : 2),
                            support::send(third), support::cut()});
    };
    CHECK(support::mentions(answer(peer::tune()).text,
                            "the server sent connection.tune instead of connection.start"));
    CHECK(support::mentions(answer(peer::start(), peer::start()).text,
                            "connection.start instead of connection.tune"));
    CHECK(support::mentions(answer(peer::start(), peer::open_ok()).text,
                            "connection.open-ok instead of connection.tune"));
    CHECK(support::mentions(answer(peer::start(), peer::tune(), peer::tune()).text,
                            "instead of connection.open-ok"));
    CHECK(support::mentions(answer(peer::start(), peer::method(0, 10, 20, peer::long_text("?"))).text,
                            "asks a question"));
    CHECK(support::mentions(answer(peer::start(), peer::method(0, 99, 1)).text,
                            "method 99.1 instead of connection.tune"));
    CHECK(support::mentions(answer(peer::start(), peer::body("x", 0)).text, "does not fit the login"));
    CHECK(support::mentions(answer(peer::start(), peer::channel_open_ok()).text, "does not fit the login"));
    CHECK(support::mentions(answer(peer::frame(1, 0, "")).text, "a method without a number"));
    CHECK(support::mentions(answer(peer::frame(1, 0, peer::u32(0x000A000A) + std::string("\0\x09", 2))).text,
                            "connection.start that is cut"));
    CHECK(support::mentions(answer(peer::start(), peer::tune(1, 4'095, 1)).text, "less than AMQP allows"));
    CHECK(support::mentions(answer(peer::u8(1) + peer::u16(0) + peer::u32(0x7FFFFFFF)).text,
                            "more than was agreed"));
    std::string bad_end = peer::tune();
    bad_end.back() = '!';
    CHECK(support::mentions(answer(peer::start(), bad_end).text, "does not end where it should"));
    for (const std::string& frame : {peer::start(), peer::tune(), peer::open_ok()}) {
        const bool first = frame == peer::start();
        const bool last = frame == peer::open_ok();
        for (std::size_t size = 0; size < frame.size(); size += 5) {
            const std::string cut = frame.substr(0, size);
            const Fault fault = first  ? answer(cut)
                                : last ? answer(peer::start(), peer::tune(), cut + " ")
                                       : answer(peer::start(), cut + " ");
            CHECK((fault.exit == Exit::unreachable || fault.exit == Exit::bad_reply));
        }
    }
}

TEST_CASE("amqp session: heartbeats go out, and a silent server is noticed") {
    Peer server({{peer::log_in(peer::tune(0, 0, 1)), peer::read_frames(2), support::stall()}});
    const auto session = open(server);
    CHECK(session->heartbeat() == base::Milliseconds(1'000));
    const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
    while (!session->silent() && !give_up.passed()) {
        session->wait(give_up, nullptr, {});
        session->receive();
    }
    CHECK(session->silent());
    server.wait_for_requests(6);
    CHECK(server.received()[4].head == peer::frame(8, 0, ""));
    CHECK(server.received()[5].head == peer::frame(8, 0, ""));
}

TEST_CASE("amqp session: blocked and close are told, and only what fits is taken") {
    const auto session_with = [](const std::string& bytes, const auto& look) {
        const Peer server({{peer::log_in(), support::send(bytes), support::stall()}});
        const auto session = open(server);
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        amqp::Frame frame;
        session->next(frame);  // it may have come with the end of the login
        while (!look(*session) && !give_up.passed()) {
            session->wait(give_up, nullptr, {});
            session->receive();
            session->next(frame);
        }
        CHECK(look(*session));
    };
    session_with(peer::frame(8, 0, "") + peer::method(0, 10, 60, peer::short_text("low on \x1b memory")),
                 [](const amqp::Session& session) { return session.blocked() == "low on \\x1b memory"; });
    session_with(peer::close(320, "CONNECTION_FORCED - shutdown"), [](const amqp::Session& session) {
        return session.closed() && amqp::words_of(*session.closed()) == "320 CONNECTION_FORCED - shutdown";
    });
    const auto never = [](const amqp::Session&) { return false; };
    for (const std::string& wrong :
         {peer::close_ok(), peer::start(), peer::body("x", 0), peer::method(0, 60, 80)}) {
        CHECK(fault_of([&] { session_with(wrong, never); }).exit == Exit::bad_reply);
    }
}

TEST_CASE("amqp session: a dry run shows the login by certificate where that is used") {
    net::ConnectOptions connect;
    connect.tls.cert = "client.pem";
    net::Address address;
    CHECK(amqp::shown_handshake(address, connect, {}).find("EXTERNAL") != std::string::npos);
    CHECK(amqp::shown_handshake(address, {}, {}).find("PLAIN") != std::string::npos);
    address.user = "ada";
    CHECK(amqp::shown_handshake(address, connect, {}).find("PLAIN") != std::string::npos);
}
