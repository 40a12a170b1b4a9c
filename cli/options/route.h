#pragma once

#include "lib/net/connect_options.h"

// What libcurl takes without a look, or judges only when it connects: --proxy, --resolve and --connect-to.
//
// Throws:  Error(usage), without the secrets of a proxy.
// Source:  curl(1) for the forms.

namespace hail::cli::options {

void check_route(const net::ConnectOptions& connect);

}  // namespace hail::cli::options
