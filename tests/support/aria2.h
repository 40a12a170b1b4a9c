// A private aria2c, a real JSON-RPC service, on a port of 127.0.0.1 that was free a moment ago.
//
// Throws:  std::runtime_error if it cannot be started.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/process.h"

namespace hail::support {

class Aria2 {
  public:
    explicit Aria2(const std::string& secret = {});  // for its --rpc-secret; empty: no secret is needed

    std::string address() const { return "127.0.0.1:" + std::to_string(port_) + "/jsonrpc"; }

  private:
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::optional<Process> process_;
};

}  // namespace hail::support
