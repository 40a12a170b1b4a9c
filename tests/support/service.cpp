#include "tests/support/service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lib/base/owned.h"
#include "tests/support/redis_server.h"

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

bool listens(std::uint16_t port) {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Waits until the service accepts connections; it does not announce that.
bool comes_up(std::uint16_t port) {
    const base::Deadline deadline = base::Deadline::after(base::Milliseconds(15'000));
    while (!deadline.passed()) {
        if (listens(port)) {
            return true;
        }
        std::this_thread::sleep_for(base::Milliseconds(10));
    }
    return false;
}

}  // namespace

Service::Service(const Argv& argv) {
    std::vector<std::string> words;
    for (int attempt = 0; attempt < tries; ++attempt) {
        port_ = free_port();
        words = argv({directory_.path(), std::to_string(port_), std::to_string(free_port())});
        process_.emplace(Command{.argv = words});
        if (comes_up(port_)) {
            return;
        }
    }
    throw std::runtime_error(words.front() + " does not listen");
}

bool is_installed(const std::string& program) {
    std::istringstream folders(std::getenv("PATH"));
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (::access((folder + "/" + program).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

std::unique_ptr<Service> start_litecoind() {
    return std::make_unique<Service>([](const Service::Place& place) {
        return std::vector<std::string>{"litecoind",
                                        "-regtest",
                                        "-server",
                                        "-disablewallet",
                                        "-listen=0",
                                        "-connect=0",
                                        "-dnsseed=0",
                                        "-datadir=" + place.folder,
                                        "-rpcport=" + place.port};
    });
}

std::unique_ptr<Service> start_monerod() {
    return std::make_unique<Service>([](const Service::Place& place) {
        return std::vector<std::string>{"monerod",
                                        "--regtest",
                                        "--offline",
                                        "--non-interactive",
                                        "--no-zmq",
                                        "--no-igd",
                                        "--disable-dns-checkpoints",
                                        "--rpc-login=foo:bar",
                                        "--data-dir=" + place.folder,
                                        "--log-file=" + place.folder + "/log",
                                        "--rpc-bind-port=" + place.port,
                                        "--p2p-bind-port=" + place.peer_port};
    });
}

std::unique_ptr<Service> start_transmission() {
    return std::make_unique<Service>([](const Service::Place& place) {
        return std::vector<std::string>{"transmission-daemon",
                                        "--foreground",
                                        "--no-portmap",
                                        "--no-dht",
                                        "--no-auth",
                                        "--rpc-bind-address=127.0.0.1",
                                        "--config-dir=" + place.folder,
                                        "--port=" + place.port,
                                        "--peerport=" + place.peer_port};
    });
}

std::unique_ptr<Service> start_deluge_web() {
    return std::make_unique<Service>([](const Service::Place& place) {
        return std::vector<std::string>{"deluge-web", "--do-not-daemonize", "--config=" + place.folder,
                                        "--port=" + place.port, "--interface=127.0.0.1"};
    });
}

std::string node_package(const std::string& name) {
    const char* const cache = std::getenv("XDG_CACHE_HOME");
    const char* const home = std::getenv("HOME");
    const std::string folder =
        (cache != nullptr && *cache != '\0' ? std::string(cache)
                                            : std::string(home == nullptr ? "" : home) + "/.cache") +
        "/hail-tests/node_modules/" + name;
    return ::access(folder.c_str(), R_OK) == 0 && is_installed("node") ? folder : "";
}

std::unique_ptr<Service> start_jayson(const std::string& package) {
    return std::make_unique<Service>([package](const Service::Place& place) {
        return std::vector<std::string>{"node", HAIL_TEST_SUPPORT "/jayson_server.js", package, place.port};
    });
}

std::unique_ptr<Service> start_ganache(const std::string& package) {
    return std::make_unique<Service>([package](const Service::Place& place) {
        return std::vector<std::string>{"node",
                                        package + "/dist/node/cli.js",
                                        "--server.host=127.0.0.1",
                                        "--server.port=" + place.port,
                                        "--wallet.deterministic",
                                        "--logging.quiet"};
    });
}

}  // namespace hail::support
