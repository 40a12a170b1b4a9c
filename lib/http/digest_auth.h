// Digest authentication: the challenge of a 401 and the Authorization that answers it.
//
// Shape:   MD5, SHA-256 and SHA-512-256, each with -sess; the strongest that is offered. qop is auth, or none
//          for servers of RFC 2069. A challenge serves many requests, each with its own count.
// Why not libcurl's: CURLOPT_HTTPAUTH sends the request again inside one transfer, so that nobody
//          could say whether it was executed once or twice.
// Throws:  nothing but what base::Digest throws.
// Source:  RFC 7616.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/digest.h"
#include "lib/http/message.h"

namespace hail::http {

struct DigestChallenge {
    base::Digest::Kind algorithm = base::Digest::Kind::md5;
    std::string algorithm_name;  // as the server wrote it; empty: it named none
    std::string realm;
    std::string nonce;
    std::optional<std::string> opaque;
    bool session = false;    // -sess
    bool qop_auth = false;   // else the answer of RFC 2069
    bool stale = false;      // the nonce was too old, the password was not wrong
    bool user_hash = false;  // the name is to be sent hashed
};

// The strongest Digest challenge in all WWW-Authenticate fields that can be answered.
std::optional<DigestChallenge> find_digest(const ReplyHead& head);

struct DigestUse {
    std::string_view method;
    std::string_view target;  // as in the request line
    std::uint32_t count = 1;  // of the requests that used this nonce, this one included
    std::string_view client_nonce;
};

// The value of Authorization.
std::string digest_answer(const DigestChallenge& challenge, const Credentials& credentials,
                          const DigestUse& use);

}  // namespace hail::http
