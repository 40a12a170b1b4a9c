#include "tests/support/peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/system_error.h"

namespace hail::support {

// --- steps -------------------------------------------------------------------------------------------------

Step read_request() {
    return [](Connection& connection) {
        Received received;
        if (!connection.read_request(received)) {
            throw std::runtime_error("the client went before it had sent a whole request");
        }
        connection.record(std::move(received));
    };
}

Step read_until(std::string text) {
    return [text = std::move(text)](Connection& connection) {
        Received received;
        if (!connection.read_until(text, received.head)) {
            throw std::runtime_error("the client went before it had sent " + text);
        }
        connection.record(std::move(received));
    };
}

Step send(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& connection) { connection.send(bytes); };
}

Step reply(const std::string& body, const std::string& extra) {
    return send("HTTP/1.1 200 OK\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
}

Step drip(std::string bytes, base::Milliseconds gap) {
    return [bytes = std::move(bytes), gap](Connection& connection) {
        try {
            for (const char byte : bytes) {
                connection.send({&byte, 1});
                connection.pause(gap);
            }
        } catch (const std::system_error&) {
            connection.close();  // the client has gone away, which a slow peer must expect
        }
    };
}

Step stall() {
    return [](Connection& connection) { connection.wait_for_end(); };
}

Step cut() {
    return [](Connection& connection) {
        connection.finish_sending();
        connection.close();
    };
}

Step drop() {
    return [](Connection& connection) {
        connection.drop();
        connection.close();
    };
}

Step reset() {
    return [](Connection& connection) { connection.reset(); };
}

Step serve(std::function<std::string(const Received&)> answer) {
    return [answer = std::move(answer)](Connection& connection) {
        Received received;
        while (connection.read_request(received)) {
            connection.record(received);
            connection.send(answer(received));
            received = {};
        }
    };
}

// --- the peer ----------------------------------------------------------------------------------------------

Peer::Peer(std::vector<Script> scripts, Others others, const std::string& unix_socket)
    : scripts_(std::move(scripts)), others_(others), stop_(::eventfd(0, EFD_CLOEXEC)) {
    listen_on(unix_socket);
    acceptor_ = std::thread([this] { accept_all(); });
}

Peer::~Peer() {
    const std::uint64_t one = 1;
    if (::write(stop_.number(), &one, sizeof one) != sizeof one) {
        std::terminate();  // otherwise the threads would never end
    }
    acceptor_.join();
    for (auto& follower : followers_) {
        follower.join();
    }
}

void Peer::listen_on(const std::string& unix_socket) {
    const bool tcp = unix_socket.empty();
    listener_ = base::Descriptor(::socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in inet{};
    inet.sin_family = AF_INET;
    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    unix_socket.copy(static_cast<char*>(local.sun_path), sizeof local.sun_path - 1);
    auto* const where = tcp ? reinterpret_cast<sockaddr*>(&inet) : reinterpret_cast<sockaddr*>(&local);
    socklen_t length = tcp ? sizeof inet : sizeof local;
    if (::bind(listener_.number(), where, length) != 0 || ::listen(listener_.number(), 128) != 0) {
        throw_system_error("listen");
    }
    if (tcp) {
        ::getsockname(listener_.number(), where, &length);
        port_ = ntohs(inet.sin_port);
    }
}

void Peer::accept_all() {
    while (true) {
        std::array<pollfd, 2> both{pollfd{listener_.number(), POLLIN, 0}, pollfd{stop_.number(), POLLIN, 0}};
        ::poll(both.data(), both.size(), -1);
        if (both[1].revents != 0) {
            return;
        }
        base::Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket) {
            continue;
        }
        const int yes = 1;
        ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        const std::size_t number = connections_++;
        if (number < scripts_.size() || others_ == Others::repeat) {
            followers_.emplace_back(
                [this, number, raw = std::move(socket)]() mutable { follow(number, std::move(raw)); });
        }
    }
}

void Peer::follow(std::size_t number, base::Descriptor socket) {
    Connection connection(std::move(socket), stop_.number(), number, [this](Received received) {
        const std::lock_guard lock(mutex_);
        received_.push_back(std::move(received));
        recorded_.notify_all();
    });
    try {
        for (const auto& step : scripts_.at(std::min(number, scripts_.size() - 1))) {
            if (connection.open()) {
                step(connection);
            }
        }
        if (connection.open()) {
            connection.finish_sending();
            connection.wait_for_end();
        }
    } catch (const Stopped&) {
        return;
    } catch (const std::exception& problem) {
        note("connection " + std::to_string(number) + ": " + problem.what());
    }
    ++ended_;
}

void Peer::note(const std::string& problem) {
    const std::lock_guard lock(mutex_);
    problem_ += problem + "\n";
}

std::string Peer::address(std::string_view path) const {
    return "127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<Received> Peer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

void Peer::wait_for_requests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    const bool came =
        recorded_.wait_for(lock, std::chrono::seconds(10), [&] { return received_.size() >= count; });
    if (!came) {
        throw std::runtime_error("the peer waited in vain for a request");
    }
}

void Peer::wait_for_ends(std::size_t scripts) const {
    const auto deadline = base::Deadline::after(base::Milliseconds(10'000));
    while (ended_ < scripts && !deadline.passed()) {
        ::poll(nullptr, 0, 1);
    }
}

std::vector<Received> Peer::finish() {
    wait_for_ends(scripts_.size());
    const std::lock_guard lock(mutex_);
    if (ended_ < scripts_.size()) {
        problem_ += "not every script came to its end\n";
    }
    if (!problem_.empty()) {
        throw std::runtime_error(problem_);
    }
    return received_;
}

}  // namespace hail::support
