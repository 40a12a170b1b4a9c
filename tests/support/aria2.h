// A private aria2c, a real JSON-RPC service.
//
// Throws:  std::runtime_error if it cannot be started.

#pragma once

#include <string>

#include "tests/support/service.h"

namespace hail::support {

class Aria2 {
  public:
    explicit Aria2(const std::string& secret = {});  // for its --rpc-secret; empty: no secret is needed

    std::string address() const { return service_.address("/jsonrpc"); }

  private:
    Service service_;
};

}  // namespace hail::support
