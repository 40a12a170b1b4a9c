// An HTTP server of large bodies that come from memory: no disk and no page cache takes part in what is
// measured.
//
// Usage:   body_server
// Shape:   prints its port on loopback and serves one connection after another until it is killed. GET
//          /zeros/N is N zero bytes; GET /json/N an array of objects on one line, of N bytes and up to a
//          block more.
// Source:  socket(7).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t block_size = std::size_t{1} << 20U;

struct Body {
    std::string begin;
    std::string block;
    std::uint64_t blocks = 0;
    std::string end;

    std::uint64_t length() const { return begin.size() + blocks * block.size() + end.size(); }
};

std::string json_block() {
    std::string block;
    for (int i = 0; block.size() < block_size; ++i) {
        const std::string number = std::to_string(i);
        block +=
            R"({"id":)" + number + R"(,"name":"User )" + number +
            R"( of many","score":0.50,"tags":["math","engines"],"active":true,"address":{"city":"London",)"
            R"("geo":[51.5,-0.12]},"note":null,"text":"over the lazy dog, again and again"},)";
    }
    return block;
}

Body zeros(std::uint64_t size) {
    return {"", std::string(block_size, '\0'), size / block_size, std::string(size % block_size, '\0')};
}

Body json(std::uint64_t size) {
    Body body{"[", json_block(), 0, "null]\n"};
    body.blocks = size / body.block.size() + 1;
    return body;
}

// False when the client is gone.
bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void serve(int socket) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);  // a request comes in one piece
    const std::string_view request(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    const std::size_t slash = request.find('/', request.find('/') + 1);
    if (slash >= request.size()) {
        return;
    }
    const std::uint64_t size = std::strtoull(buffer.data() + slash + 1, nullptr, 10);
    const bool is_json = request.find("/json/") < slash;
    const Body body = is_json ? json(size) : zeros(size);
    bool there = send_all(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                      std::to_string(body.length()) + "\r\n\r\n" + body.begin);
    for (std::uint64_t i = 0; there && i < body.blocks; ++i) {
        there = send_all(socket, body.block);
    }
    if (there) {
        send_all(socket, body.end);
    }
}

int listen_on_loopback() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const where = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, where, size) != 0 || ::listen(listener, 16) != 0 ||
        ::getsockname(listener, where, &size) != 0) {
        std::perror("body_server");
        std::exit(1);
    }
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listener;
}

}  // namespace

int main() {
    const int listener = listen_on_loopback();
    while (true) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) {
            return 1;
        }
        serve(socket);
        ::close(socket);
    }
}
