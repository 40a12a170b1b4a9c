// JSON Web Tokens that a client signs itself, with a secret that it shares with the server.
//
// Shape:   HS256; the only claim is iat, the time of issue in seconds. Servers refuse a token that is older
//          than a minute or so: make one for each request.
// Throws:  what base::hmac_sha256 throws.
// Source:  RFC 7515, RFC 7519; Ethereum execution-apis, engine/authentication.md.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hail::http {

// `secret` is bytes; `now` is seconds since 1970.
std::string json_web_token(std::string_view secret, std::int64_t now);

// The bytes of a secret in hexadecimal, with or without 0x in front; empty if it is not valid.
std::string secret_of_hex(std::string_view text);

}  // namespace hail::http
