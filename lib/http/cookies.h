// CookieJar: stores the cookies that servers set, and chooses the ones to send to a URL.
//
// Shape:   URLs as make_url() builds them; for a jar's file, see cookie_file.h. A cookie for a public suffix
//          is refused.
// Why not libcurl's: hail follows redirects itself, shows cookies in a dry run, and locks a session's file
//          and merges it with the changes of other processes.
// Throws:  read() and renew() what read_cookie_file() throws.
// Source:  RFC 6265; RFC 6265bis for name prefixes, Secure, and sizes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/cookie.h"
#include "lib/http/date.h"

namespace hail::http {

// Parses a Set-Cookie line of a reply from the URL; none if it must be ignored. A cookie that has expired
// removes an earlier one.
std::optional<Cookie> parse_set_cookie(std::string_view line, std::string_view url, Time now);

// The URL whose cookies a request gets: its own, with the host of its Host header unless that is empty.
std::string cookie_url(std::string_view url, std::string_view host);

class CookieJar {
  public:
    // Takes a Set-Cookie line of a reply from the URL.
    void receive(std::string_view line, std::string_view url, Time now);

    // Takes a Cookie header that the user typed for the URL. It changes the cookies of these names that
    // the URL gets. A new one is for the whole host, and only for https if the URL is https.
    void type(std::string_view header, std::string_view url, Time now);

    // The value of the Cookie header for the URL, "" if there is none: longer paths first, then older
    // cookies.
    std::string header(std::string_view url, Time now) const;

    void read(std::string_view file);
    std::string write(Time now) const;

    // Reads the file again and then re-applies the cookies received since it was last read, so that the
    // changes of other processes survive.
    void renew(std::string_view file, Time now);

    const std::vector<Cookie>& cookies() const { return cookies_; }
    bool changed() const { return changed_; }  // since it was read

  private:
    void keep(Cookie cookie, Time now);
    void receive(Cookie cookie, Time now);

    std::vector<Cookie> cookies_;   // in order of creation
    std::vector<Cookie> received_;  // since the last read, including expired ones, which remove others
    bool changed_ = false;
};

// The user's own Cookie header followed by the jar's cookies; for a name in both, only the user's is sent.
std::string merge_cookies(std::string_view own, std::string_view jar);

}  // namespace hail::http
