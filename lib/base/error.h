// Error ends a command: it is thrown once, in the place that knows what a person can do about it, and caught
// and printed only in main.
//
// Shape:   message "what was being done: why", one line, no full stop; hint "what to do next", may be empty.

#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "lib/base/exit.h"

namespace hail::base {

class Error : public std::runtime_error {
  public:
    Error(Exit exit, const std::string& message, std::string hint = {})
        : std::runtime_error(message), exit_(exit), hint_(std::move(hint)) {}

    Exit exit() const { return exit_; }
    const std::string& hint() const { return hint_; }

  private:
    Exit exit_;
    std::string hint_;
};

}  // namespace hail::base
