#include "tests/support/aria2.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "lib/base/owned.h"

namespace hail::support {

namespace {

constexpr int tries = 5;  // another program may take the port first

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::uint16_t free_port() {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.number(), generic, size) != 0 || ::getsockname(socket.number(), generic, &size) != 0) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Waits until the service accepts connections; it does not announce that.
bool comes_up(std::uint16_t port) {
    const base::Deadline deadline = base::Deadline::after(base::Milliseconds(5'000));
    while (!deadline.passed()) {
        if (listens(port)) {
            return true;
        }
        std::this_thread::sleep_for(base::Milliseconds(10));
    }
    return false;
}

}  // namespace

Aria2::Aria2(const std::string& secret) {
    for (int attempt = 0; attempt < tries; ++attempt) {
        port_ = free_port();
        std::vector<std::string> argv{"aria2c",
                                      "--no-conf",
                                      "--quiet",
                                      "--enable-rpc",
                                      "--enable-dht=false",
                                      "--dir=" + directory_.path(),
                                      "--rpc-listen-port=" + std::to_string(port_)};
        if (!secret.empty()) {
            argv.push_back("--rpc-secret=" + secret);
        }
        process_.emplace(Command{.argv = argv});
        if (comes_up(port_)) {
            return;
        }
    }
    throw std::runtime_error("aria2c does not listen");
}

}  // namespace hail::support
