// Checks of option values that libcurl accepts unchecked, or checks only when it connects: --proxy,
// --resolve, --connect-to, and the files of --cacert, --cert and --key.
//
// Throws:  Error(usage), without the secrets of a proxy; Error(no_input) for a file that cannot be read.
// Source:  curl(1) for the forms.

#pragma once

#include "lib/net/connect_options.h"

namespace hail::cli::options {

void check_route(const net::ConnectOptions& connect);
void check_files(const net::TlsOptions& tls);

}  // namespace hail::cli::options
