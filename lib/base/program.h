// The first line that a program prints, such as a password that it knows.
//
// Shape:   the program runs without a shell and without stdin; its stderr is ours. It is ended after the time
//          limit, and when the stop is raised.
// Throws:  Error(no_input) if it cannot be started, fails or prints nothing; Error with the stop's exit.

#pragma once

#include <string>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"

namespace hail::base {

std::string program_line(std::vector<std::string> words, Milliseconds limit, const Stop& stop);

}  // namespace hail::base
