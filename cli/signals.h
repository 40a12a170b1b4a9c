// SIGINT and SIGTERM as a request to stop, which everything that waits can see. SIGPIPE is ignored, so that a
// closed stdout or a broken connection is an error in the call that meets it.
//
// Source:  signal-safety(7), sigaction(2).

#pragma once

#include "lib/base/stop.h"

namespace hail::cli {

// Installs the handlers on the first call. There is one object, and it lives as long as the process.
base::Stop& stop_on_signals();

// Nothing before that.
base::Stop* installed_stop() noexcept;

}  // namespace hail::cli
