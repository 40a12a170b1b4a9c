// Logins from a netrc file.
//
// Shape:   the first entry that fits counts: its machine is the host (case ignored), or it is the default;
//          and when a login is asked for, it has exactly that one. A password is never given to another login
//          than its own.
// Why not libcurl's: CURLOPT_NETRC serves HTTP alone, cannot be asked for one login, and warns of no
//          permissions.
// Throws:  Error(bad_input) with the line that cannot be read, Error(no_input) for a file that cannot be.
// Source:  netrc(5) of GNU inetutils; quotes and their backslashes as in curl; macdef is skipped.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hail::net {

struct Netrc {
    std::optional<std::string> login;  // none: an entry with a password alone, such as a token
    std::optional<std::string> password;

    bool operator==(const Netrc&) const = default;
};

std::optional<Netrc> find_netrc(std::string_view text, std::string_view host,
                                const std::optional<std::string>& login = {});

struct NetrcFile {
    std::string text;
    bool is_private = true;  // nobody else may read it
};

// None if there is no such file.
std::optional<NetrcFile> read_netrc(const std::string& path);

}  // namespace hail::net
