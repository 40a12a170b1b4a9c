// The broker named by the command line and the environment together.

#pragma once

#include <string>

#include "cli/options/connection.h"
#include "lib/pubsub/broker.h"

namespace hail::cli::options {

// The address, with the user and password of --user and HAIL_PASSWORD if they are given. The proxy comes from
// --proxy, otherwise from ALL_PROXY; http_proxy is only for HTTP. If the connection will not use TLS, libcurl
// starts without the parts that only TLS needs.
// Throws: Error(usage) for an address that is not valid; also whatever login() throws.
pubsub::Broker broker(const std::string& address, const Connection& connection, const Ask& ask);

}  // namespace hail::cli::options
