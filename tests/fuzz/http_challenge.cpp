#include <cstdint>
#include <cstdlib>
#include <string>

#include "lib/http/digest_auth.h"

// The answer to any challenge is one line.

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(data, data + size);
    for (char& c : text) {
        c = c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
    }
    http::ReplyHead head;
    head.add_line("HTTP/1.1 401 Unauthorized");
    head.add_line("WWW-Authenticate: " + text);
    const auto challenge = http::find_digest(head);
    if (challenge) {
        const std::string answer =
            http::digest_answer(*challenge, {http::Credentials::Kind::basic, "u", "p"}, {"GET", "/", 1, "c"});
        if (answer.find_first_of("\r\n") != answer.npos || challenge->nonce.empty()) {
            std::abort();
        }
    }
    return 0;
}
