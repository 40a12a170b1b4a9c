// Finds logins in a netrc file.
//
// Shape:   the first matching entry counts: its machine is the host (ignoring case), or it is the default;
//          and if a login is asked for, it has exactly that login. A password is never given to another login
//          than its own.
// Why not libcurl's: CURLOPT_NETRC serves only HTTP, cannot look for a given login, and does not warn about
//          permissions.
// Throws:  Error(bad_input) with the number of the line that is not valid; Error(no_input) if the file cannot
//          be read.
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

// Nothing if the file does not exist.
std::optional<NetrcFile> read_netrc(const std::string& path);

}  // namespace hail::net
