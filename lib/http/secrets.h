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

// Query parameters that carry secrets, by their names, percent-encoded or not: the names above, such as
// access_token, api_key, password and key, and also sig, assertion, SAMLResponse, and the codes of OAuth, of
// which "code" is one. Source: RFC 6749 4.1.2, RFC 7636 4.5, RFC 8628 3.4.
bool is_secret_parameter(std::string_view name);

// Fields of a JSON body that carry secrets: the same names except a plain "key" or "code", which are seldom
// secrets there.
bool is_secret_field(std::string_view name);

// A head, or a line of one, without the values of such headers and without the secrets of URLs in other
// headers. The scheme of an Authorization stays, so that people can see which one was used.
std::string mask_secrets(std::string_view head);

// Text that may contain URLs, without their passwords and without the values of secret parameters in a query
// or fragment.
std::string mask_urls(std::string_view text);

// The same for a single URL or request line, where quotes and full stops belong to the value.
std::string mask_url(std::string_view url);

// The same for a body of application/x-www-form-urlencoded.
std::string mask_form(std::string_view form);

// A line that libcurl reports about a connection. For HTTP/2 it reports every header: "h2h3 [name: value]"
// before 8.0, "[HTTP/2] [1] [name: value]" since.
std::string mask_fact(std::string_view fact);

}  // namespace hail::http
