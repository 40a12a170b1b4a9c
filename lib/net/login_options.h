// LoginOptions hold the user and the secrets for a service, already read from files and variables: never
// print them.
//
// Shape:   user and password for HTTP Basic, Redis AUTH and SASL PLAIN; bearer for HTTP alone. The command
//          line takes precedence over the address.

#pragma once

#include <optional>
#include <string>

namespace hail::net {

enum class Authentication { automatic, basic, digest, bearer };

struct LoginOptions {
    std::optional<std::string> user;
    std::optional<std::string> password;
    std::optional<std::string> bearer;
    // How HTTP sends them. Automatic: the token if there is one, else Basic. Bearer: the password is a token.
    Authentication authentication = Authentication::automatic;
};

}  // namespace hail::net
