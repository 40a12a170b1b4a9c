#include "lib/http/login_hint.h"

#include "lib/base/text.h"
#include "lib/http/digest_auth.h"

namespace hail::http {

namespace {

std::string offer(const CallResult& call, std::string_view field) {
    return base::one_line(call.result.head.find(field).value_or("nothing"), 100);
}

bool is_digest_wanted(const CallResult& call) {
    const std::string offered = base::lower(call.result.head.find("WWW-Authenticate").value_or(""));
    return find_digest(call.result.head) && offered.find("basic") == offered.npos;
}

std::string digest_hint(const CallResult& call) {
    if (!find_digest(call.result.head)) {
        return "the server offers no Digest scheme that hail supports, but " +
               offer(call, "WWW-Authenticate");
    }
    switch (call.digest) {
        case DigestEnd::unchallenged:
            break;
        case DigestEnd::wrong_password:
            return "the server does not accept this user and password";
        case DigestEnd::always_stale:
            return "the server calls each new nonce of its own too old: it may need a connection that stays "
                   "open";
        case DigestEnd::body_gone:
            return "the body came from a stream and cannot be sent again: put it into a file";
        case DigestEnd::body_unknown:
            return "qop=auth-int needs the whole body before it is sent: put it into a file";
    }
    return "the server asks for Digest, and no user and password were sent";
}

// The proxy is the peer of the connection, wherever its name came from.
std::string proxy_hint(const CallResult& call) {
    const std::string proxy = call.result.remote.empty() ? "the proxy" : "the proxy " + call.result.remote;
    return proxy + " asks for " + offer(call, "Proxy-Authenticate") +
           ": give its user and password with --proxy USER:PASSWORD@HOST:PORT";
}

}  // namespace

std::string login_hint(const CallResult& call, std::string_view ways) {
    using Kind = Credentials::Kind;
    if (call.result.head.status() == 407) {
        return proxy_hint(call);
    }
    if (call.result.head.status() != 401) {
        return "";
    }
    const Request& request = call.request;
    if (find(request.headers, "Authorization") != nullptr) {
        return "the server does not accept the Authorization that was sent";
    }
    switch (request.credentials.kind) {
        case Kind::none:
            return "log in with " +
                   (is_digest_wanted(call) ? "--user and --auth digest" : std::string(ways)) +
                   "; the server asks for " + offer(call, "WWW-Authenticate");
        case Kind::bearer:
            return "the server does not accept the token that was sent";
        case Kind::json_web_token:
            return "the server does not accept the token: it has another secret, or its clock differs";
        case Kind::basic:
            if (is_digest_wanted(call)) {
                return "the server asks for Digest: add --auth digest";
            }
            return "the server does not accept this user and password; it asks for " +
                   offer(call, "WWW-Authenticate");
        case Kind::digest:
            break;
    }
    return digest_hint(call);
}

}  // namespace hail::http
