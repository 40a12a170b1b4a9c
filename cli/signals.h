#pragma once

#include "lib/base/stop.h"

// SIGINT and SIGTERM as a wish to stop, seen by everything that waits; SIGPIPE ignored, so that a closed
// stdout or a broken connection is an error where it happens.
//
// Source:  signal-safety(7), sigaction(2).

namespace hail::cli {

// Installs the handlers at the first call; the one object lives as long as the process.
base::Stop& stop_on_signals();

}  // namespace hail::cli
