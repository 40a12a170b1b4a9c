#include "lib/http/digest_attempt.h"

#include <utility>

#include "lib/base/random.h"
#include "lib/http/url.h"

namespace hail::http {

bool DigestAttempt::accept(const ReplyHead& head, const Request& request) {
    if (request.credentials.kind != Credentials::Kind::digest ||
        find(request.headers, "Authorization") != nullptr) {
        return false;
    }
    auto challenge = find_digest(head);
    if (!challenge) {
        return false;
    }
    const bool renewed = challenge->stale && challenge_ && challenge->nonce != challenge_->nonce;
    if (answered_ && !renewed) {
        return false;
    }
    challenge_ = std::move(challenge);
    answered_ = true;
    client_nonce_ = base::random_hex(12);
    nonce_uses_ = 0;
    return true;
}

void DigestAttempt::answer(Request& request) {
    if (!challenge_) {
        return;
    }
    ++nonce_uses_;
    const DigestUse use{request.method, request_target(request.url), nonce_uses_, client_nonce_};
    request.headers.push_back({"Authorization", digest_answer(*challenge_, request.credentials, use)});
}

void DigestAttempt::redirected(const Request& next) {
    answered_ = false;
    if (next.credentials.kind == Credentials::Kind::none) {
        challenge_.reset();
    }
}

}  // namespace hail::http
