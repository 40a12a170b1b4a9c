// Turns the outcome of an exchange into an exit status, or into the error that ends a command.

#pragma once

#include "lib/base/exit.h"
#include "lib/http/message.h"
#include "lib/net/failure.h"

namespace hail::http {

// redirected, client_error and server_error for 3xx, 4xx, and 5xx or above; otherwise ok.
base::Exit exit_of(int status);

// Throws the failure as an Error that says what was being done: "GET http://localhost/x: WHY".
[[noreturn]] void throw_failure(const Request& request, const net::Failure& failure);

}  // namespace hail::http
