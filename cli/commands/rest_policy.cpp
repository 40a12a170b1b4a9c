#include "cli/commands/rest_policy.h"

#include "cli/commands/rest_session.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "lib/base/error.h"
#include "lib/base/random.h"

namespace hail::cli::rest {

void declare_policy(options::Parser& parser, Policy& policy) {
    options::Group group(parser, "Redirects and sessions");
    group.flag("-L,--follow", policy.follow,
               "Follow redirects; secrets stay with the origin they were given for", "HAIL_FOLLOW");
    group.number("--max-redirects", policy.most_redirects, "Follow at most this many (default 10)",
                 "HAIL_MAX_REDIRECTS");
    group.text(
        "--idempotency-key", policy.idempotency_key, "KEY",
        "Send this Idempotency-Key, which makes any method one that may be tried again; 'auto' makes one");
    group.text("--session", policy.session, "NAME",
               "Keep cookies and typed headers for the next call, by this name or in this file",
               "HAIL_SESSION");
    group.flag("--cache", policy.cache, "Keep what GET brings, and ask the server whether it still holds",
               "HAIL_CACHE");
    options::Group download(parser, "Download");
    download.flag("-O,--download", policy.download,
                  "Save the body under the name that the server gives, or that of --output");
    download.flag("--continue", policy.resume, "Download what is still missing of a part that is there");
    download.text("--sha256", policy.sha256, "DIGEST", "Download only if this is the SHA-256 of what comes");
    using net::Authentication;
    options::Group connection(parser, "Connection");
    connection.flag("--http2", policy.http2,
                    "Speak HTTP/2: over TLS where the server offers it, else without asking", "HAIL_HTTP2");
    connection.choice<Authentication>(
        "--auth", policy.authentication,
        {{"basic", Authentication::basic},
         {"digest", Authentication::digest},
         {"bearer", Authentication::bearer}},
        "How user and password are shown (default basic); bearer: the password is a token", "HAIL_AUTH");
}

namespace {

// A random UUID, RFC 9562 5.4.
std::string random_key() {
    constexpr std::string_view pattern = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    constexpr std::string_view digits = "0123456789abcdef";
    const auto random = base::random_number;
    std::string key(pattern);
    for (char& c : key) {
        if (c == 'x') {
            c = digits[random() % 16];
        } else if (c == 'y') {
            c = digits[8 + random() % 4];
        }
    }
    return key;
}

}  // namespace

std::optional<std::string> idempotency_key(const Policy& policy) {
    if (policy.idempotency_key && policy.idempotency_key->empty()) {
        throw base::Error(base::Exit::usage, "option --idempotency-key: an empty key is none",
                          "write --idempotency-key auto for a new one");
    }
    return policy.idempotency_key == "auto" ? random_key() : policy.idempotency_key;
}

std::string session_file(const Policy& policy) {
    if (policy.session.empty()) {
        return {};
    }
    const bool is_file = policy.session.find('/') != std::string::npos;
    return session_path(policy.session, is_file ? "" : options::state_directory() + "/sessions");
}

void apply(const Policy& policy, http::CallOptions& call) {
    call.redirects = policy.follow ? http::Redirects::follow : http::Redirects::report;
    call.most_redirects = policy.most_redirects;
    call.engine.version = policy.http2 ? http::Version::v2 : http::Version::automatic;
}

}  // namespace hail::cli::rest
