// Challenges: the replies with which a server asks for something before it executes a POST, and the headers
// that answer them: a Digest challenge (401), or the id of a session (409 with X-Transmission-Session-Id).
//
// Shape:   prepare() comes before the first sending of a shipment, answer() after each reply. Later POSTs
//          have the id or the answer from the start, with the nonce counted up.
// Truth:   both replies prove that nothing was executed. A shipment is sent again at most once for the id of
//          a session; a Digest challenge is answered once, and a second time if its nonce had become too old.
//          A Digest answer may be valid only on the connection that gave the challenge: the run has one.
// Throws:  what base::Digest throws.
// Source:  RFC 7616; transmission's rpc-spec.

#pragma once

#include <optional>
#include <string>

#include "lib/batch/post_slot.h"
#include "lib/http/digest_attempt.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

namespace hail::batch {

class Challenges {
  public:
    explicit Challenges(const http::Request& model);

    // Adds the headers that earlier replies asked for.
    void prepare(PostSlot& slot);

    // True if the reply asked for something: the slot's request now has it, and is to be sent again.
    bool answer(PostSlot& slot, const http::Result& result);

    http::DigestEnd digest_end() const { return digest_.end(); }

  private:
    bool answer_session(PostSlot& slot, const http::ReplyHead& head);
    void write_headers(http::Request& request);

    const http::Request& model_;
    const bool has_digest_;
    http::DigestAttempt digest_;
    std::optional<std::string> session_;
};

}  // namespace hail::batch
