// DigestAttempt: keeps the Digest challenge that one call has received, and answers it.
//
// Shape:   a request gets one answer, and the whole call a second one after stale=true, however often the
//          server sends another nonce.
// Throws:  what base::Digest throws; Error(no_input) for a body that cannot be read a second time.
// Source:  RFC 7616 3.3 (stale), 3.4 (the count of a nonce's uses), 3.4.3 (the hash of the body).

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/http/digest_auth.h"
#include "lib/http/message.h"
#include "lib/http/redirect.h"

namespace hail::http {

// Why a 401 was not answered, if it brought a challenge that hail knows.
enum class DigestEnd {
    unchallenged,    // there was none
    wrong_password,  // an answer was sent, and refused
    always_stale,    // a second answer was sent, and its nonce was too old again
    body_gone,       // the body cannot be sent again
    body_unknown,    // the answer needs a hash of the body, which cannot be read before it is sent
};

class DigestAttempt {
  public:
    // Whether the 401 has a challenge that the request's credentials should answer. A second challenge is
    // answered only if it says that the nonce was stale: otherwise the password is wrong.
    bool accept(const ReplyHead& head, const Request& request, Replay replay);

    // Whether the request must learn of a challenge before its body is sent, which can be sent only once.
    bool asks_first(const Request& request) const;
    void opened() { open_ = true; }  // it asked, and no challenge came

    // Adds the Authorization header if a challenge was accepted. Reads the body for qop=auth-int.
    void answer(Request& request);

    // The next request is another one to the same server, whose challenge still holds.
    void next_request();

    // The next request follows a redirect: its target may be in another realm and send a new challenge.
    void redirected(const Request& next);

    DigestEnd end() const { return end_; }

  private:
    std::optional<DigestChallenge> challenge_;  // from the origin that the credentials are for
    bool answered_ = false;                     // for this request
    bool open_ = false;                         // this request needs no answer
    bool renewed_ = false;                      // in this call
    DigestEnd end_ = DigestEnd::unchallenged;
    std::string client_nonce_;
    std::uint32_t nonce_uses_ = 0;
};

// The same request without its body, to learn of a challenge.
Request question(const Request& request);

}  // namespace hail::http
