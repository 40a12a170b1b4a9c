// Masks the secrets in text that people will read.
//
// Shape:   every function returns its text with "***" in place of each secret, and changes nothing else.
// Throws:  nothing.

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

// Headers that carry secrets: Authorization, Cookie, X-Api-Key and similar names.
bool is_secret(std::string_view header_name);

// A head, or a line of one, without the values of such headers and without the secrets of URLs in other
// headers. The scheme of an Authorization stays, so that people can see which one was used.
std::string mask_secrets(std::string_view head);

// Text that may contain URLs, without their passwords and without the values of secret query parameters:
// access_token, api_key, password, signature and similar names.
std::string mask_urls(std::string_view text);

// A line that libcurl reports about a connection. For HTTP/2 it reports every header: "h2h3 [name: value]"
// before 8.0, "[HTTP/2] [1] [name: value]" since.
std::string mask_fact(std::string_view fact);

}  // namespace hail::http
