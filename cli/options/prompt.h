// A question to the person at the terminal, whose answer is a secret.
//
// Shape:   asks on the controlling terminal, with its echo off, whatever stdin and stdout are. There is no
//          answer without a terminal, or from a job in the background.
// Truth:   the echo is back on before a signal ends or stops the process.
// Throws:  the stop's exit, once it was raised.
// Source:  tty(4), termios(3), signalfd(2).

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lib/base/stop.h"

namespace hail::cli::options {

using Ask = std::function<std::optional<std::string>(const std::string& question)>;

// The stop outlives it.
Ask ask_on_terminal(const base::Stop& stop);

}  // namespace hail::cli::options
