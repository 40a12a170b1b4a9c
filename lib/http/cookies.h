// The cookies that servers gave, and which of them a URL gets.
//
// Shape:   domains in lower case without a leading dot; URLs as make_url() builds them; a jar's file is
//          Netscape's, as curl reads and writes it. There is no list of public suffixes: a Domain needs a dot
//          in it, so that a server of co.uk could set cookies for its neighbours; what is sent to them says
//          nothing of ours.
// Why not libcurl's: hail follows redirects itself, shows cookies in a dry run, and locks a
//          session's file and merges it with what others wrote meanwhile. What is lost by that is libcurl's
//          list of public suffixes.
// Throws:  read() Error(bad_input) with the line that is no cookie's.
// Source:  RFC 6265; RFC 6265bis for name prefixes, Secure, and sizes; curl's docs/HTTP-COOKIES.md for the
//          file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/date.h"

namespace hail::http {

struct Cookie {
    std::string name;
    std::string value;
    std::string domain;
    std::string path = "/";
    bool host_only = true;        // for the domain itself, not for what is below it
    bool secure = false;          // for https alone
    bool http_only = false;       // of no meaning here, kept for others who read the file
    std::optional<Time> expires;  // none: it lasts as long as the session

    bool operator==(const Cookie&) const = default;
};

// A Set-Cookie line of a reply from the URL; none if it must be ignored. One that has expired takes away
// another.
std::optional<Cookie> parse_set_cookie(std::string_view line, std::string_view url, Time now);

class CookieJar {
  public:
    // A Set-Cookie line of a reply from the URL.
    void receive(std::string_view line, std::string_view url, Time now);

    // The value of the Cookie header for the URL, "" if there is none: longer paths first, older ones first.
    std::string header(std::string_view url, Time now) const;

    void read(std::string_view file);
    std::string write(Time now) const;

    // Reads the file anew, and receives again what was received since it was last read: what others have
    // written in the meantime stays.
    void renew(std::string_view file, Time now);

    const std::vector<Cookie>& cookies() const { return cookies_; }
    bool changed() const { return changed_; }  // since it was read

  private:
    void keep(Cookie cookie, Time now);

    std::vector<Cookie> cookies_;   // in the order of their making
    std::vector<Cookie> received_;  // since they were read, the expired ones that take others away too
    bool changed_ = false;
};

// The user's own Cookie header with the jar's behind it; a name that the user set is the user's.
std::string merge_cookies(std::string_view own, std::string_view jar);

}  // namespace hail::http
