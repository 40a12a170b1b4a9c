#include "lib/http/digest_attempt.h"

#include <span>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/http/body.h"
#include "lib/http/url.h"

namespace hail::http {

namespace {

bool has_digest(const Request& request) {
    return request.credentials.kind == Credentials::Kind::digest &&
           find(request.headers, "Authorization") == nullptr;
}

bool has_passing_body(const Request& request) {
    return request.stream && !request.stream->can_repeat();
}

std::string hash_of_body(base::Digest::Kind kind, const Request& request) {
    if (!request.stream) {
        return base::hex_digest(kind, request.body.value_or(""));
    }
    base::Digest digest(kind);
    std::vector<char> piece(std::size_t{64} << 10U);
    for (auto got = request.stream->read(piece); got.kind == RequestBody::Read::Kind::bytes;
         got = request.stream->read(piece)) {
        digest.add({piece.data(), got.count});
    }
    if (!request.stream->rewind()) {
        throw base::Error(base::Exit::no_input, request.method + " " + request.url +
                                                    ": the body cannot be read again from its beginning");
    }
    return digest.hex();
}

}  // namespace

bool DigestAttempt::accept(const ReplyHead& head, const Request& request, Replay replay) {
    if (!has_digest(request)) {
        return false;
    }
    auto challenge = find_digest(head);
    if (!challenge) {
        return false;
    }
    const bool renews = challenge->stale && challenge_ && challenge->nonce != challenge_->nonce;
    if (answered_ && (!renews || renewed_)) {
        end_ = renews ? DigestEnd::always_stale : DigestEnd::wrong_password;
        return false;
    }
    if (replay == Replay::impossible) {
        end_ = DigestEnd::body_gone;
        return false;
    }
    if (challenge->qop == Qop::auth_int && has_passing_body(request)) {
        end_ = DigestEnd::body_unknown;
        return false;
    }
    renewed_ = renewed_ || answered_;
    answered_ = true;
    challenge_ = std::move(challenge);
    client_nonce_ = base::random_hex(12);
    nonce_uses_ = 0;
    return true;
}

bool DigestAttempt::asks_first(const Request& request) const {
    return !challenge_ && !open_ && has_digest(request) && has_passing_body(request);
}

void DigestAttempt::answer(Request& request) {
    if (!challenge_) {
        return;
    }
    ++nonce_uses_;
    DigestUse use{request.method, request_target(request.url), nonce_uses_, client_nonce_};
    const std::string body_hash =
        challenge_->qop == Qop::auth_int ? hash_of_body(challenge_->algorithm, request) : std::string();
    use.body_hash = body_hash;
    request.headers.push_back({"Authorization", digest_answer(*challenge_, request.credentials, use)});
}

void DigestAttempt::next_request() {
    answered_ = false;
    renewed_ = false;
}

void DigestAttempt::redirected(const Request& next) {
    answered_ = false;
    open_ = false;
    if (next.credentials.kind == Credentials::Kind::none) {
        challenge_.reset();
    }
}

Request question(const Request& request) {
    Request result = request;
    result.stream.reset();
    result.body.emplace();
    drop_header(result, "Content-Encoding");  // of nothing
    drop_header(result, "Expect");
    return result;
}

}  // namespace hail::http
