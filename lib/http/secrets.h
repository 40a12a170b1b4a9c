// What people read of a message, without its secrets.
//
// Shape:   every function gives its text back with "***" where a secret stood, and changes nothing else.
// Throws:  nothing.

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

// Headers that carry secrets: Authorization, Cookie, X-Api-Key and their like.
bool is_secret(std::string_view header_name);

// A head, or a line of one, without the values of such headers and without the secrets of URLs in the others.
// The scheme of an Authorization stays, for people who wonder which one was used.
std::string mask_secrets(std::string_view head);

// Words that may hold URLs, without their passwords and without the values of a query whose names are those
// of secrets: access_token, api_key, password, signature and their like.
std::string mask_urls(std::string_view text);

// What libcurl tells about a connection. Of HTTP/2 it tells every header: "h2h3 [name: value]" before 8.0,
// "[HTTP/2] [1] [name: value]" since.
std::string mask_fact(std::string_view fact);

}  // namespace hail::http
