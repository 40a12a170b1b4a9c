#include <cstdint>
#include <string>

#include "lib/http/digest_attempt.h"
#include "lib/http/digest_auth.h"
#include "tests/fuzz/require.h"

// The answer to any challenge is one line, and a server gets two answers at most.

using namespace hail;

namespace {

http::ReplyHead challenged_by(const std::string& text) {
    http::ReplyHead head;
    head.add_line("HTTP/1.1 401 Unauthorized");
    head.add_line("WWW-Authenticate: " + text);
    return head;
}

// Each challenge is followed by the same with another nonce, as from a server that never has enough.
void answer_all(const std::string& text) {
    http::Request request{.method = "POST", .url = "http://h/x"};
    request.credentials = {http::Credentials::Kind::digest, "u", "p"};
    request.body = text;
    http::DigestAttempt attempt;
    int answers = 0;
    while (attempt.accept(challenged_by("Digest nonce=m" + std::to_string(answers) + ", " + text), request,
                          http::Replay::possible)) {
        http::Request answered = request;
        attempt.answer(answered);
        const http::Header* const header = http::find(answered.headers, "Authorization");
        require(header != nullptr && header->value.find_first_of("\r\n") == std::string::npos);
        require(++answers <= 2);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(data, data + size);
    for (char& c : text) {
        c = c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
    }
    const http::DigestUse use{"GET", "/", 1, "c", "0123456789abcdef"};
    const http::Credentials login{http::Credentials::Kind::basic, "u", "p"};
    if (auto challenge = http::find_digest(challenged_by(text))) {
        require(!challenge->nonce.empty());
        require(http::digest_answer(*challenge, login, use).find_first_of("\r\n") == std::string::npos);
        // The server's own words may look like a parameter of the answer.
        challenge->realm = challenge->nonce = challenge->algorithm_name = "";
        challenge->opaque.reset();
        require((challenge->qop == http::Qop::auth_int) ==
                (http::digest_answer(*challenge, login, use).find(", qop=auth-int, ") != std::string::npos));
    }
    answer_all(text);
    return 0;
}
