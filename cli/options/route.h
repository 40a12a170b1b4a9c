#pragma once

#include "lib/net/connect_options.h"

// What libcurl takes without a look, or judges only when it connects: --proxy, --resolve, --connect-to, and the files of
// --cacert, --cert and --key.
//
// Throws:  Error(usage), without the secrets of a proxy; Error(no_input) for a file that cannot be read.
// Source:  curl(1) for the forms.

namespace hail::cli::options {

void check_route(const net::ConnectOptions& connect);
void check_files(const net::TlsOptions& tls);

}  // namespace hail::cli::options
