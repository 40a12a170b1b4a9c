#include "tests/support/counting_peer.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hail::support {

namespace {

constexpr int late_milliseconds = 5;

}  // namespace

CountingPeer::CountingPeer(const PeerHabits& habits, Act act)
    : habits_(habits),
      act_(std::move(act)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof name;
    auto* const address = reinterpret_cast<sockaddr*>(&name);
    if (::bind(listener_.number(), address, length) != 0 || ::listen(listener_.number(), 128) != 0 ||
        ::getsockname(listener_.number(), address, &length) != 0) {
        throw std::system_error(errno, std::generic_category(), "listen");
    }
    port_ = ntohs(name.sin_port);
    thread_ = std::thread([this] { serve(); });
}

CountingPeer::~CountingPeer() {
    const std::uint64_t one = 1;
    if (::write(stop_.number(), &one, sizeof one) != sizeof one) {
        std::terminate();  // otherwise the thread would never end
    }
    thread_.join();
}

void CountingPeer::serve() {
    while (true) {
        std::vector<pollfd> all{{stop_.number(), POLLIN, 0}, {listener_.number(), POLLIN, 0}};
        std::vector<std::size_t> connections;
        for (const auto& [number, client] : clients_) {
            all.push_back({client.socket.number(), POLLIN, 0});
            connections.push_back(number);
        }
        const int ready = ::poll(all.data(), all.size(), late_.empty() ? -1 : late_milliseconds);
        if (all[0].revents != 0) {
            return;
        }
        const std::lock_guard lock(mutex_);
        if (all[1].revents != 0) {
            accept_one();
        }
        for (std::size_t i = 0; i < connections.size(); ++i) {
            if (all[i + 2].revents != 0) {
                read_from(connections[i]);
            }
        }
        if (ready == 0) {
            for (const auto& [connection, treatment] : std::exchange(late_, {})) {
                send(connection, treatment);
            }
        }
        ended_.notify_all();
    }
}

void CountingPeer::accept_one() {
    base::Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) {
        const int yes = 1;
        ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        clients_[accepted_++].socket = std::move(socket);
    }
}

void CountingPeer::read_from(std::size_t connection) {
    Client& client = clients_[connection];
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(client.socket.number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        clients_.erase(connection);
        return;
    }
    if (client.silent) {
        return;
    }
    client.received.append(buffer.data(), static_cast<std::size_t>(count));
    try {
        take_requests(connection);
    } catch (const std::exception& problem) {
        problem_ = problem.what();
        end(connection, true);
    }
}

void CountingPeer::take_requests(std::size_t connection) {
    constexpr std::string_view length_name = "Content-Length: ";
    for (auto client = clients_.find(connection); client != clients_.end() && !client->second.silent;
         client = clients_.find(connection)) {
        std::string& received = client->second.received;
        const std::size_t head = received.find("\r\n\r\n");
        if (head == received.npos) {
            return;
        }
        const std::size_t at = received.find(length_name);
        if (at > head) {
            throw std::runtime_error("the peer got a request without a length: " + received.substr(0, head));
        }
        const std::size_t length = std::stoul(received.substr(at + length_name.size()));
        if (received.size() < head + 4 + length) {
            return;
        }
        const std::string body = received.substr(head + 4, length);
        received.erase(0, head + 4 + length);
        answer(connection, body);
    }
}

void CountingPeer::answer(std::size_t connection, const std::string& body) {
    const std::size_t request = ++requests_;
    const auto act = [&](Moment moment) {
        if (act_) {
            act_(moment, request);
        }
    };
    act(Moment::came);
    Treatment treatment = treat(habits_, body, times_[first_call(body)]++);
    for (const std::size_t call : treatment.executed) {
        ++executions_[call];
    }
    act(Moment::executed);
    if (treatment.late) {
        late_.emplace_back(connection, std::move(treatment));
        return;
    }
    send(connection, treatment);
    act(Moment::answered);
}

void CountingPeer::send(std::size_t connection, const Treatment& treatment) {
    const auto client = clients_.find(connection);
    if (client == clients_.end()) {
        return;  // it did not wait
    }
    std::string_view bytes = treatment.reply;
    while (!bytes.empty()) {
        const ssize_t count =
            ::send(client->second.socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) {
            return;  // its end is read next
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    client->second.silent = treatment.then == Treatment::Then::stall;
    if (treatment.then == Treatment::Then::finish || treatment.then == Treatment::Then::reset) {
        end(connection, treatment.then == Treatment::Then::reset);
    }
}

void CountingPeer::end(std::size_t connection, bool at_once) {
    const base::Descriptor& socket = clients_[connection].socket;
    if (at_once) {
        const linger reset{1, 0};
        ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    clients_.erase(connection);
}

void CountingPeer::wait_until_idle() {
    std::unique_lock lock(mutex_);
    const bool idle = ended_.wait_for(lock, std::chrono::seconds(10), [this] {
        pollfd waiting{listener_.number(), POLLIN, 0};
        return clients_.empty() && ::poll(&waiting, 1, 0) == 0;
    });
    if (!problem_.empty()) {
        throw std::runtime_error(problem_);
    }
    if (!idle) {
        throw std::runtime_error("a client of the peer does not go");
    }
}

std::size_t CountingPeer::executions(std::size_t call) const {
    const std::lock_guard lock(mutex_);
    const auto found = executions_.find(call);
    return found == executions_.end() ? 0 : found->second;
}

std::size_t CountingPeer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

}  // namespace hail::support
