// The broker named by the command line and the environment together.

#pragma once

#include <string>

#include "cli/options/connection.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"

namespace hail::cli::options {

// The address, with the user and the password if they are given. The password comes from --password-file or
// --password-command on the command line, --user, the address, HAIL_PASSWORD, HAIL_PASSWORD_FILE,
// HAIL_PASSWORD_COMMAND or REDISCLI_AUTH, in this order. Files and commands are read again for each later
// connection; the stop must outlive the broker. The proxy comes from --proxy, otherwise from ALL_PROXY;
// http_proxy is only for HTTP. If the connection will not use TLS, libcurl starts without the parts that only
// TLS needs.
// Throws: Error(usage) for an address that is not valid; also whatever login() throws, and Error(no_input)
// for a command that does not print a password.
pubsub::Broker broker(const std::string& address, const Connection& connection, const Ask& ask,
                      const base::Stop& stop);

}  // namespace hail::cli::options
