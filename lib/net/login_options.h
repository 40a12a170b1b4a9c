// The user and secrets that were given for a service, already read from wherever they were kept: never print
// them.
//
// Shape:   user and password for HTTP Basic, Redis AUTH and SASL PLAIN; bearer for HTTP alone. What is given
//          on the command line goes before what an address carries.

#pragma once

#include <optional>
#include <string>

namespace hail::net {

enum class Authentication { automatic, basic, digest, bearer };

struct LoginOptions {
    std::optional<std::string> user;
    std::optional<std::string> password;
    std::optional<std::string> bearer;
    // How HTTP shows them. Automatic: the token if there is one, else Basic. Bearer: the password is a token.
    Authentication authentication = Authentication::automatic;
};

}  // namespace hail::net
