// An exchange or a connection that failed, as a value: what an Error is to a command, for one of many.

#pragma once

#include <string>

#include "lib/base/exit.h"

namespace hail::net {

struct Failure {
    base::Exit exit = base::Exit::unknown;
    std::string why;     // in a few words, to stand behind "what was being done: "
    std::string hint;    // what to do about it, may be empty
    bool lasts = false;  // another try would end the same: a certificate, a setting
};

}  // namespace hail::net
