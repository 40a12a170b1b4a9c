// A Failure is a failed exchange or connection as a value, one of many; an Error ends the whole command.
// LoginRefused is the Error of a broker that does not accept the user and the password.

#pragma once

#include <string>

#include "lib/base/error.h"
#include "lib/base/exit.h"

namespace hail::net {

struct Failure {
    base::Exit exit = base::Exit::unknown;
    std::string why;     // in a few words, to follow "what was being done: "
    std::string hint{};  // what to do about it, may be empty
    bool lasts = false;  // another try would fail too: a certificate, a setting
};

class LoginRefused : public base::Error {
  public:
    using Error::Error;
};

}  // namespace hail::net
