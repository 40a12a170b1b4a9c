// Where a reference in a reply (Location, Link, a next-page URL) leads.
//
// Shape:   URLs as make_url() builds them: absolute, http or https, percent-encoded, default ports left out,
//          without user, password and fragment. What a sloppy server left raw (spaces, UTF-8) is encoded.
// Why not libcurl's: curl_url_set() of 7.88 accepts junk and other schemes, and rewrites what it
//          accepts.
// Throws:  Error(bad_reply) for another scheme, a control character or a host or port that is none.
// Source:  RFC 3986 5.2 (with dot segments removed), RFC 6454 (origin).

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

std::string resolve(std::string_view base, std::string_view reference);

// The same scheme, host and port: what is meant for one is meant for the other.
bool same_origin(std::string_view url, std::string_view other);

// "https://host:8443", for people.
std::string_view origin(std::string_view url);

}  // namespace hail::http
