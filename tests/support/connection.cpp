#include "tests/support/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"
#include "tests/support/system_error.h"

namespace hail::support {

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

}  // namespace hail::support
