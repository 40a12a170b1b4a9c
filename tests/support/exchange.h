// One exchange: the engine with one job.

#pragma once

#include "lib/base/stop.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

namespace hail::support {

// If `stop` is raised before the exchange begins, it fails with nothing sent; if it is raised during the
// exchange, it fails too.
http::Result exchange(const http::Request& request, http::Receiver& receiver,
                      const http::EngineOptions& options, base::Stop& stop);

}  // namespace hail::support
