#pragma once

#include <string>

#include "cli/options/connection.h"
#include "lib/pubsub/broker.h"

// The broker that the command line and the environment name together.

namespace hail::cli::options {

// The address with the user and password of --user and HAIL_PASSWORD where they are given; the proxy of --proxy, else of
// ALL_PROXY (never http_proxy, which is for HTTP). Spares libcurl's start what only TLS needs, if there will be none.
// Throws: Error(usage) for an address that is none, and as credentials() does.
pubsub::Broker broker(const std::string& address, const Connection& connection);

}  // namespace hail::cli::options
