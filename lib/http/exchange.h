#pragma once

#include "lib/base/stop.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

// One exchange: the engine with one job.

namespace hail::http {

// A stop that is raised before it has begun makes it fail as interrupted or terminated, with nothing sent; so
// does the first signal while it is in flight, since there is nothing else to drain.
Result exchange(const Request& request, Receiver& receiver, const EngineOptions& options, base::Stop& stop);

// redirected, client_error and server_error for 3xx, 4xx, and 5xx and beyond; else ok.
base::Exit exit_of(int status);

// Throws the failure as an Error that says what was being done: "GET http://localhost/x: WHY".
[[noreturn]] void fail(const Request& request, const Failure& failure);

}  // namespace hail::http
