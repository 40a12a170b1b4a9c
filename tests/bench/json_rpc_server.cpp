// A JSON-RPC server that does as little as it can: many kept connections, one thread, every call answered
// with 1.
//
// Usage:   json_rpc_server
// Shape:   prints its port on loopback and serves until it is killed. A body is scanned for the "id":NUMBER
//          of each call and not read any further, so that the client is what a measurement measures.
// Source:  epoll(7).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view length_name = "Content-Length: ";
constexpr std::string_view id_name = "\"id\":";

std::string answer(std::string_view body) {
    std::string replies;
    for (std::size_t at = body.find(id_name); at != body.npos; at = body.find(id_name, at)) {
        at += id_name.size();
        replies += replies.empty() ? "" : ",";
        replies += "{\"jsonrpc\":\"2.0\",\"id\":";
        replies += body.substr(at, body.find_first_not_of("0123456789", at) - at);
        replies += ",\"result\":1}";
    }
    return body.starts_with('[') ? "[" + replies + "]" : replies;
}

// Takes every whole request from the front of `pending`, and gives the replies to them.
std::string answer_all(std::string& pending) {
    std::string out;
    std::size_t done = 0;
    while (true) {
        const std::string_view rest = std::string_view(pending).substr(done);
        const std::size_t head = rest.find(head_end);
        const std::size_t length_at = rest.find(length_name);
        if (head == rest.npos || length_at > head) {
            break;
        }
        const std::size_t length = std::strtoul(rest.data() + length_at + length_name.size(), nullptr, 10);
        const std::size_t body_at = head + head_end.size();
        if (rest.size() < body_at + length) {
            break;
        }
        const std::string replies = answer(rest.substr(body_at, length));
        out += "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        out += std::to_string(replies.size());
        out += head_end;
        out += replies;
        done += body_at + length;
    }
    pending.erase(0, done);
    return out;
}

// False when the client is gone.
bool serve(int socket, std::string& pending) {
    static std::array<char, 1U << 18U> buffer;
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return false;
    }
    pending.append(buffer.data(), static_cast<std::size_t>(count));
    const std::string out = answer_all(pending);
    // A reply fits the socket's buffer: the client reads it before it sends the next request.
    return out.empty() || ::send(socket, out.data(), out.size(), MSG_NOSIGNAL) > 0;
}

void watch(int epoll, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int listen_on_loopback() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const where = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, where, size) != 0 || ::listen(listener, 1024) != 0 ||
        ::getsockname(listener, where, &size) != 0) {
        std::perror("json_rpc_server");
        std::exit(1);
    }
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listener;
}

}  // namespace

int main() {
    const int listener = listen_on_loopback();
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, listener);
    std::unordered_map<int, std::string> pending;
    std::array<epoll_event, 256> events{};
    while (true) {
        const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            if (descriptor == listener) {
                const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
                const int yes = 1;
                ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                watch(epoll, client);
            } else if (!serve(descriptor, pending[descriptor])) {
                pending.erase(descriptor);
                ::close(descriptor);
            }
        }
    }
}
