#pragma once

#include "lib/base/stop.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

// One exchange: the engine with one job.

namespace hail::support {

// A stop that is raised before it has begun makes it fail with nothing sent, and so does one while it is in flight.
http::Result exchange(const http::Request& request, http::Receiver& receiver,
                      const http::EngineOptions& options, base::Stop& stop);

}  // namespace hail::support
