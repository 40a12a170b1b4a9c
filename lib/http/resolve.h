// Resolves a reference in a reply (Location, Link, a next-page URL) to a URL.
//
// Shape:   URLs as make_url() builds them: absolute, http or https, percent-encoded, default ports left out,
//          without user, password and fragment. Bytes that a sloppy server left raw (spaces, UTF-8) are
//          encoded.
// Why not libcurl's: curl_url_set() of 7.88 accepts junk and other schemes, and rewrites the URLs that it
//          accepts.
// Throws:  Error(bad_reply) for another scheme, a control character, or a host or port that is not valid.
// Source:  RFC 3986 5.2 (with dot segments removed), RFC 6454 (origin).

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

std::string resolve(std::string_view base, std::string_view reference);

// The same scheme, host and port: a secret for one may be sent to the other.
bool same_origin(std::string_view url, std::string_view other);

// "https://host:8443", for messages.
std::string_view origin(std::string_view url);

}  // namespace hail::http
