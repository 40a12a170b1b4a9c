// DigestAttempt: keeps the Digest challenge that one call has received, and answers it.
//
// Throws:  only what base::Digest throws.
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
    // Whether the 401 has a challenge that the request's credentials should answer. A second challenge is
    // answered only if it says that the nonce was stale: otherwise the password is wrong.
    bool accept(const ReplyHead& head, const Request& request);

    // Adds the Authorization header if a challenge was accepted.
    void answer(Request& request);

    // The next request follows a redirect: its target may be in another realm and send a new challenge.
    void redirected(const Request& next);

  private:
    std::optional<DigestChallenge> challenge_;  // from the origin that the credentials are for
    bool answered_ = false;                     // for this request
    std::string client_nonce_;
    std::uint32_t nonce_uses_ = 0;
};

}  // namespace hail::http
