#pragma once

#include <optional>
#include <string>

// Who we are to the service, already read from wherever it was kept: never print it.
//
// Shape:   user and password for HTTP Basic, Redis AUTH and SASL PLAIN; bearer for HTTP alone. What is given
// on the command
//          line goes before what an address carries.

namespace hail::net {

struct Credentials {
    std::optional<std::string> user;
    std::optional<std::string> password;
    std::optional<std::string> bearer;
};

}  // namespace hail::net
