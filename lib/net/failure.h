// A Failure is a failed exchange or connection as a value, one of many; an Error ends the whole command.

#pragma once

#include <string>

#include "lib/base/exit.h"

namespace hail::net {

struct Failure {
    base::Exit exit = base::Exit::unknown;
    std::string why;     // in a few words, to follow "what was being done: "
    std::string hint;    // what to do about it, may be empty
    bool lasts = false;  // another try would fail too: a certificate, a setting
};

}  // namespace hail::net
