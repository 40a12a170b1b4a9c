#include "tests/support/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "lib/base/text.h"
#include "tests/support/system_error.h"

namespace hail::support {

namespace {

// The test is over: nothing to report.
struct Stopped : std::runtime_error {
    Stopped() : std::runtime_error("the peer was stopped") {}
};

}  // namespace

std::string Received::header(std::string_view name) const {
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        const std::size_t begin = at + 2;
        at = head.find("\r\n", begin);
        const std::string_view line = std::string_view(head).substr(begin, at - begin);
        const std::size_t colon = line.find(':');
        if (colon != line.npos && base::equal_ignoring_case(line.substr(0, colon), name)) {
            return std::string(base::trim(line.substr(colon + 1)));
        }
    }
    return {};
}

// --- one connection ----------------------------------------------------------------------------------------

Connection::Connection(base::Descriptor socket, int stop_descriptor, std::size_t number,
                       std::function<void(Received)> record)
    : socket_(std::move(socket)), stop_(stop_descriptor), number_(number), record_(std::move(record)) {}

void Connection::send(std::string_view bytes) {
    if (layer_) {
        layer_->send(bytes);
        return;
    }
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) {
            throw_system_error("send");
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool Connection::wait_readable() {
    std::array<pollfd, 2> both{pollfd{socket_.number(), POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
    ::poll(both.data(), both.size(), -1);
    if (both[1].revents != 0) {
        throw Stopped();
    }
    return true;
}

bool Connection::receive() {
    std::array<char, 65536> buffer{};
    if (!layer_ || !layer_->has_more()) {
        wait_readable();
    }
    const std::size_t count = layer_ ? layer_->receive(buffer) : receive_plain(buffer);
    pending_.append(buffer.data(), count);
    return count > 0;
}

// 0 for FIN, and also for RST from a client that was killed.
std::size_t Connection::receive_plain(std::span<char> into) const {
    const ssize_t count = ::recv(socket_.number(), into.data(), into.size(), 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool Connection::read_until(std::string_view text, std::string& into) {
    std::size_t at = pending_.find(text);
    while (at == std::string::npos) {
        if (!receive()) {
            return false;
        }
        at = pending_.find(text);
    }
    into = pending_.substr(0, at + text.size());
    pending_.erase(0, at + text.size());
    return true;
}

bool Connection::read_count(std::size_t count, std::string& into) {
    while (pending_.size() < count) {
        if (!receive()) {
            return false;
        }
    }
    into = pending_.substr(0, count);
    pending_.erase(0, count);
    return true;
}

bool Connection::read_request(Received& into) {
    if (!read_until("\r\n\r\n", into.head)) {
        return false;
    }
    if (into.header("Transfer-Encoding") == "chunked") {
        return read_chunks(into.body);
    }
    const auto length = base::parse_number(into.header("Content-Length"));
    return read_count(length.value_or(0), into.body);
}

bool Connection::read_chunks(std::string& into) {
    constexpr int hexadecimal = 16;
    while (true) {
        std::string line;
        if (!read_until("\r\n", line)) {
            return false;
        }
        const std::size_t length = std::stoul(line, nullptr, hexadecimal);
        std::string chunk;
        if (!read_count(length + 2, chunk)) {
            return false;
        }
        into.append(chunk, 0, length);
        if (length == 0) {
            return true;
        }
    }
}

void Connection::record(Received received) {
    received.connection = number_;
    record_(std::move(received));
}

void Connection::wait_for_end() {
    while (receive()) {
        pending_.clear();
    }
}

bool Connection::pass_on(const base::Descriptor& other, const std::optional<Passage>& limit) {
    const auto forward = [](std::string_view bytes, int to) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    };
    std::size_t left = limit ? limit->bytes : 0;
    bool open = forward(std::exchange(pending_, {}), other.number());
    std::array<char, 65536> buffer{};
    while (open && !(limit && left == 0)) {
        std::array<pollfd, 3> ends{pollfd{socket_.number(), POLLIN, 0}, pollfd{other.number(), POLLIN, 0},
                                   pollfd{stop_, POLLIN, 0}};
        ::poll(ends.data(), ends.size(), -1);
        if (ends[2].revents != 0) {
            throw Stopped();
        }
        const bool from_client = ends[0].revents != 0;
        const bool counts = limit && from_client == (limit->way == Way::to_server);
        const ssize_t count = ::recv(ends.at(from_client ? 0 : 1).fd, buffer.data(),
                                     counts ? std::min(left, buffer.size()) : buffer.size(), 0);
        open = count > 0 &&
               forward({buffer.data(), static_cast<std::size_t>(count)}, ends.at(from_client ? 1 : 0).fd);
        left -= open && counts ? static_cast<std::size_t>(count) : 0;
    }
    return open;
}

void Connection::pause(base::Milliseconds duration) {
    pollfd stop{stop_, POLLIN, 0};
    if (::poll(&stop, 1, static_cast<int>(duration.count())) != 0) {
        throw Stopped();
    }
}

void Connection::finish_sending() {
    if (layer_) {
        layer_->send_close_notify();
    }
    drop();
}

void Connection::drop() {
    ::shutdown(socket_.number(), SHUT_WR);
}

void Connection::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

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
