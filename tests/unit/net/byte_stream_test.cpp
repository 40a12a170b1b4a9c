#include "lib/net/byte_stream.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/error.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/proxy.h"
#include "tests/support/redis_server.h"

using namespace hail;
using base::Exit;
using net::ByteStream;
using net::State;

namespace {

using Milliseconds = base::Milliseconds;

net::Address address_of(const std::string& text) {
    return net::parse_address(text, {.family = net::AddressRules::Family::broker, .default_scheme = {}});
}

// Sends, and reads until the reply is as long as expected.
std::string talk(ByteStream& stream, const std::string& request, std::size_t reply_size) {
    stream.out().append(request);
    std::string reply;
    std::array<char, 100> buffer{};
    const auto deadline = base::Deadline::after(Milliseconds(10'000));
    while (reply.size() < reply_size && !deadline.passed()) {
        const State sent = stream.flush();
        const auto got = sent == State::failed ? net::Received{State::failed, 0} : stream.receive(buffer);
        reply.append(buffer.data(), got.bytes);
        if (got.state == State::ended || got.state == State::failed) {
            return reply + "<" + stream.trouble().why + ">";
        }
        if (got.state == State::blocked) {
            stream.wait(deadline, nullptr);
        }
    }
    return reply;
}

base::Error error_of(const std::string& address, const net::ConnectOptions& options) {
    const base::Stop stop;
    try {
        const ByteStream stream(address_of(address), options, stop);
    } catch (const base::Error& error) {
        return error;
    }
    return {Exit::ok, "connected"};
}

const support::Certificates& certificates() {
    static const support::TemporaryDirectory directory;
    static const support::Certificates made = support::make_certificates(directory.path());
    return made;
}

net::ConnectOptions trusting() {
    net::ConnectOptions options;
    options.tls.cacert = certificates().ca;
    return options;
}

// A listener on loopback that never accepts.
struct DeafPeer {
    DeafPeer() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.number(), generic, size) == 0);
        REQUIRE(::listen(listener.number(), 1) == 0);
        REQUIRE(::getsockname(listener.number(), generic, &size) == 0);
        port = ntohs(address.sin_port);
    }
    base::Descriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("byte stream: TCP, a unix socket and TLS carry the same bytes") {
    const support::RedisServer server({.certificates = certificates()});
    const base::Stop stop;
    for (const auto& address : {server.address(), server.socket_address(), server.tls_address(),
                                "rediss://127.0.0.1:" + std::to_string(server.tls_port())}) {
        CAPTURE(address);
        ByteStream stream(address_of(address), trusting(), stop);
        CHECK(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
    }
}

TEST_CASE("byte stream: the socket option takes precedence over the address") {
    const support::RedisServer server;
    const base::Stop stop;
    net::ConnectOptions options;
    options.unix_socket = server.socket();
    ByteStream stream(address_of("nowhere.invalid:1"), options, stop);
    CHECK(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
}

TEST_CASE("byte stream: megabytes pass both ways over TLS in small reads and blocked writes") {
    const support::RedisServer server({.certificates = certificates()});
    const base::Stop stop;
    const std::string body(5'000'000, 'x');
    ByteStream stream(address_of(server.tls_address()), trusting(), stop);
    const std::string request = "*2\r\n$4\r\nECHO\r\n$5000000\r\n" + body + "\r\n";
    const std::string reply = talk(stream, request, body.size() + 12);
    CHECK(reply == "$5000000\r\n" + body + "\r\n");
}

// The replies are short: Redis 7.0 closes a TLS connection on which its own write of several replies was
// blocked ("bad length", valkey pull request 1737).
TEST_CASE("byte stream: a blocked TLS write continues while more is appended") {
    const support::RedisServer server({.certificates = certificates()});
    const base::Stop stop;
    ByteStream stream(address_of(server.tls_address()), trusting(), stop);
    REQUIRE(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
    REQUIRE(::kill(server.pid(), SIGSTOP) == 0);
    std::string expected;
    std::string replies;
    while (stream.out().pending() < 1'000'000) {
        const std::string line = std::to_string(expected.size()) + std::string(1000, 'p');
        stream.out().append("*3\r\n$6\r\nAPPEND\r\n$4\r\nkept\r\n$" + std::to_string(line.size()) + "\r\n" +
                            line + "\r\n");
        expected += line;
        replies += ":" + std::to_string(expected.size()) + "\r\n";
        REQUIRE(stream.flush() != State::failed);
    }
    REQUIRE(::kill(server.pid(), SIGCONT) == 0);
    REQUIRE(talk(stream, "", replies.size()) == replies);
    const std::string kept = "$" + std::to_string(expected.size()) + "\r\n" + expected + "\r\n";
    CHECK(talk(stream, "GET kept\r\n", kept.size()) == kept);
}

TEST_CASE("byte stream: http_proxy is not used") {
    const support::RedisServer server;
    const base::Stop stop;
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ByteStream stream(address_of(server.address()), {}, stop);
    ::unsetenv("http_proxy");
    CHECK(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
}

TEST_CASE("byte stream: an HTTP proxy is asked for a tunnel, with and without TLS") {
    const support::RedisServer server({.certificates = certificates()});
    const base::Stop stop;
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        const std::string address = tls ? server.tls_address() : server.address();
        const std::uint16_t port = tls ? server.tls_port() : server.port();
        const support::Peer proxy({support::http_proxy(port)});
        auto options = trusting();
        options.proxy = "http://" + proxy.address("");
        ByteStream stream(address_of(address), options, stop);
        CHECK(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
        REQUIRE(proxy.received().size() == 1);
        CHECK(proxy.received()[0].line() == "CONNECT localhost:" + std::to_string(port) + " HTTP/1.1");
    }
}

TEST_CASE("byte stream: a SOCKS proxy is given the name, with and without TLS") {
    const support::RedisServer server({.certificates = certificates()});
    const base::Stop stop;
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        const std::string address = tls ? server.tls_address() : server.address();
        const std::uint16_t port = tls ? server.tls_port() : server.port();
        const support::Peer proxy({support::socks_proxy(port)});
        auto options = trusting();
        options.proxy = "socks5h://" + proxy.address("");
        ByteStream stream(address_of(address), options, stop);
        CHECK(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
        REQUIRE(proxy.received().size() == 1);
        CHECK(proxy.received()[0].head == "localhost:" + std::to_string(port));
    }
}

TEST_CASE("byte stream: a proxy that refuses the tunnel is reported with its status") {
    const support::Peer proxy(
        {{support::read_request(), support::send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")}});
    net::ConnectOptions options;
    options.proxy = "http://" + proxy.address("");
    const auto refused = error_of("nowhere.invalid:1", options);
    CHECK(refused.exit() == Exit::unreachable);
    CHECK(support::mentions(refused.what(), "status 403"));
}

TEST_CASE("byte stream: a TLS server that prefers HTTP 2 is offered no protocol") {
    support::Command command;
    command.argv = {"openssl", "s_server",
                    "-accept", "127.0.0.1:0",
                    "-alpn",   "h2",
                    "-cert",   certificates().server.string(),
                    "-key",    certificates().server_key.string()};
    support::Process server(command);
    std::string line;
    while (!line.starts_with("ACCEPT ")) {
        line = server.read_line().value_or("ACCEPT nothing");
    }
    const base::Stop stop;
    ByteStream stream(address_of("rediss://localhost" + line.substr(line.rfind(':'))), trusting(), stop);
    server.write("+PONG\n");  // its input goes over the connection, and the connection to its output
    CHECK(talk(stream, "PING\r\n", 6) == "+PONG\n");
    std::string said;
    while (!support::mentions(said, "PING")) {
        const auto next = server.read_line();
        REQUIRE(next.has_value());
        said += *next + "\n";
    }
    CHECK_FALSE(support::mentions(said, "ALPN protocols advertised"));
    CHECK_FALSE(support::mentions(said, "PRI *"));
}

TEST_CASE("byte stream: a certificate that is not accepted is reported with the reason") {
    const support::RedisServer server({.certificates = certificates()});
    const auto unknown = error_of(server.tls_address(), {});
    CHECK(unknown.exit() == Exit::unreachable);
    CHECK(support::mentions(unknown.what(), "certificate is not accepted"));
    CHECK(support::mentions(unknown.hint(), "--cacert"));

    net::ConnectOptions other;
    other.tls.cacert = certificates().other_ca;
    CHECK(error_of(server.tls_address(), other).exit() == Exit::unreachable);
    other.tls.insecure = true;
    CHECK(error_of(server.tls_address(), other).exit() == Exit::ok);
    other.tls.cacert = "/nowhere/ca.pem";
    other.tls.insecure = false;
    CHECK(error_of(server.tls_address(), other).exit() == Exit::no_input);
}

TEST_CASE("byte stream: a certificate for another name is refused") {
    const support::RedisServer server({.certificates = certificates(), .wrong_name = true});
    const auto wrong = error_of(server.tls_address(), trusting());
    CHECK(wrong.exit() == Exit::unreachable);
    CHECK(support::mentions(wrong.what(), "the server's certificate is not for"));
}

TEST_CASE("byte stream: a missing client certificate is reported as such at the first read") {
    const support::RedisServer server({.certificates = certificates(), .client_certificates = true});
    const base::Stop stop;
    ByteStream without(address_of(server.tls_address()), trusting(), stop);
    CHECK(support::mentions(talk(without, "PING\r\n", 7),
                            "the server wants a client certificate that it accepts"));
    CHECK(without.trouble().exit == Exit::unreachable);

    auto options = trusting();
    options.tls.cert = certificates().client;
    options.tls.key = certificates().client_key;
    ByteStream with(address_of(server.tls_address()), options, stop);
    CHECK(talk(with, "PING\r\n", 7) == "+PONG\r\n");
}

TEST_CASE("byte stream: a refused connection, an unknown name and a missing socket are unreachable") {
    const auto refused = error_of("redis://me:secret@127.0.0.1:" + std::to_string(support::free_port()), {});
    CHECK(refused.exit() == Exit::unreachable);
    CHECK(support::mentions(refused.what(), "connecting to redis://me:***@127.0.0.1:"));
    CHECK(support::mentions(refused.what(), "Connection refused"));
    CHECK(error_of("redis://nowhere.invalid", {}).exit() == Exit::unreachable);
    const auto socket = error_of("unix:///nowhere/redis.sock", {});
    CHECK(socket.exit() == Exit::unreachable);
    CHECK(support::mentions(socket.what(), "No such file"));
}

TEST_CASE("byte stream: the connect timeout covers a TLS handshake that stalls") {
    const DeafPeer peer;
    net::ConnectOptions options;
    options.connect_timeout = Milliseconds(50);
    const auto stalled = error_of("rediss://127.0.0.1:" + std::to_string(peer.port), options);
    CHECK(stalled.exit() == Exit::timed_out);
    CHECK(support::mentions(stalled.what(), "nothing was sent"));
}

TEST_CASE("byte stream: a TLS handshake with a plain port is reported as such") {
    const DeafPeer peer;
    std::thread answer([&] {
        const base::Descriptor client(::accept(peer.listener.number(), nullptr, nullptr));
        std::array<char, 100> hello{};
        CHECK(::recv(client.number(), hello.data(), hello.size(), 0) > 0);
        constexpr std::string_view error = "-ERR unknown command\r\n";
        CHECK(::send(client.number(), error.data(), error.size(), MSG_NOSIGNAL) > 0);
    });
    const auto plain = error_of("rediss://127.0.0.1:" + std::to_string(peer.port), {});
    answer.join();
    CHECK(plain.exit() == Exit::unreachable);
    CHECK(support::mentions(plain.hint(), "without the s"));
}

TEST_CASE("byte stream: a stop ends a stalled connect") {
    const DeafPeer peer;
    base::Stop stop;
    std::thread later([&] { stop.raise(SIGTERM); });
    try {
        const ByteStream stream(address_of("rediss://127.0.0.1:" + std::to_string(peer.port)), {}, stop);
        FAIL_CHECK("connected");
    } catch (const base::Error& error) {
        CHECK(error.exit() == Exit::terminated);
    }
    later.join();
}

TEST_CASE("byte stream: a wait ends at its deadline and at a stop") {
    const support::RedisServer server;
    base::Stop stop;
    ByteStream stream(address_of(server.address()), {}, stop);
    std::array<char, 10> buffer{};
    REQUIRE(stream.receive(buffer).state == State::blocked);
    auto ready = stream.wait(base::Deadline::after(Milliseconds(5)), &stop);
    CHECK_FALSE(ready.stream);
    CHECK_FALSE(ready.stopped);
    stop.raise(SIGINT);
    CHECK(stream.wait({}, &stop).stopped);
}

TEST_CASE("byte stream: a wait sees the last of many other descriptors") {
    const support::RedisServer server;
    const base::Stop stop;
    ByteStream stream(address_of(server.address()), {}, stop);
    std::array<char, 10> buffer{};
    REQUIRE(stream.receive(buffer).state == State::blocked);
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const base::Descriptor silent(ends[0]);
    const base::Descriptor writer(ends[1]);
    std::vector<pollfd> others(40, {silent.number(), POLLIN, 0});
    others.push_back({writer.number(), POLLOUT, 0});
    const net::Ready ready = stream.wait(base::Deadline::after(Milliseconds(10'000)), nullptr, others);
    CHECK(ready.others);
    CHECK(others.front().revents == 0);
    CHECK(others.back().revents == POLLOUT);
}

TEST_CASE("byte stream: the end of the connection is reported, and the next wait returns at once") {
    support::RedisServer server;
    const base::Stop stop;
    ByteStream stream(address_of(server.address()), {}, stop);
    REQUIRE(talk(stream, "PING\r\n", 7) == "+PONG\r\n");
    server.kill();
    CHECK(support::mentions(talk(stream, "", 1), "the server closed the connection"));
    CHECK(stream.wait({}, &stop).stream);
}
