// A private service of a package, on a port of 127.0.0.1 that was free a moment ago.
//
// Shape:   it has a folder of its own, and ends with the object.
// Throws:  std::runtime_error if it cannot be started.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/process.h"

namespace hail::support {

class Service {
  public:
    struct Place {
        std::string folder;
        std::string port;  // to listen on
        std::string peer_port;
    };
    using Argv = std::function<std::vector<std::string>(const Place&)>;

    explicit Service(const Argv& argv);

    std::string address(const std::string& path) const { return "127.0.0.1:" + std::to_string(port_) + path; }
    std::string file(const std::string& name) const { return directory_.path() + "/" + name; }

  private:
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::optional<Process> process_;
};

// Whether a program is on the PATH. Not every release has every service.
bool is_installed(const std::string& program);

std::unique_ptr<Service> start_litecoind();     // cookie in file("regtest/.cookie")
std::unique_ptr<Service> start_monerod();       // user foo, password bar, Digest
std::unique_ptr<Service> start_transmission();  // its own protocol, with a 409 first
std::unique_ptr<Service> start_deluge_web();    // password deluge, session cookie, no batches

// The folder of a package of node that tests/setup.sh installed; empty if it is not there, or no node.
std::string node_package(const std::string& name);
std::unique_ptr<Service> start_jayson(const std::string& package);   // add, fail; at most 100 calls a batch
std::unique_ptr<Service> start_ganache(const std::string& package);  // a chain of Ethereum, for developers

}  // namespace hail::support
