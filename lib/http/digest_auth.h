// Digest authentication: reads the challenge of a 401 and writes the Authorization that answers it.
//
// Shape:   MD5, SHA-256 and SHA-512-256, each also as -sess; the strongest one offered is used. qop is auth,
//          else auth-int, or absent for servers of RFC 2069. A challenge serves many requests, each with its
//          own count.
// Why not libcurl's: CURLOPT_HTTPAUTH repeats the request within one transfer, which leaves it unclear
//          whether the request was executed once or twice.
// Throws:  only what base::Digest throws.
// Source:  RFC 7616.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/digest.h"
#include "lib/http/message.h"

namespace hail::http {

// The parts of a request that the answer vouches for, besides the password.
enum class Qop {
    none,      // the answer of RFC 2069
    auth,      // the method and the target
    auth_int,  // the body as well
};

struct DigestChallenge {
    base::Digest::Kind algorithm = base::Digest::Kind::md5;
    std::string algorithm_name;  // as the server wrote it; empty if it named none
    std::string realm;
    std::string nonce;
    std::optional<std::string> opaque;
    Qop qop = Qop::none;
    bool session = false;    // -sess
    bool stale = false;      // the nonce was too old; the password may be right
    bool user_hash = false;  // the user name must be sent hashed
};

// The strongest Digest challenge that can be answered, from all WWW-Authenticate fields.
std::optional<DigestChallenge> find_digest(const ReplyHead& head);

struct DigestUse {
    std::string_view method;
    std::string_view target;  // as in the request line
    std::uint32_t count = 1;  // requests with this nonce so far, including this one
    std::string_view client_nonce;
    std::string_view body_hash{};  // hexadecimal, by the challenge's algorithm; only auth_int needs it
};

// The value of the Authorization header.
std::string digest_answer(const DigestChallenge& challenge, const Credentials& credentials,
                          const DigestUse& use);

}  // namespace hail::http
