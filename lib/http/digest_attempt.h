// The digest credentials of one call: the challenge that a 401 brought, and the answers to it.
//
// Throws:  nothing but what base::Digest throws.
// Source:  RFC 7616 3.3 (stale), 3.4 (the count of a nonce's uses).

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/http/digest_auth.h"
#include "lib/http/message.h"

namespace hail::http {

class DigestAttempt {
  public:
    // Whether the 401 challenges the request's credentials in a way that is worth an answer. A second
    // challenge is worth one only if it says that the nonce was too old: otherwise the password is wrong.
    bool accept(const ReplyHead& head, const Request& request);

    // Adds the Authorization header, once a challenge was accepted.
    void answer(Request& request);

    // The next request follows a redirect: its target may be in another realm and ask anew.
    void redirected(const Request& next);

  private:
    std::optional<DigestChallenge> challenge_;  // of the origin that the credentials are for
    bool answered_ = false;                     // for this request
    std::string client_nonce_;
    std::uint32_t nonce_uses_ = 0;
};

}  // namespace hail::http
