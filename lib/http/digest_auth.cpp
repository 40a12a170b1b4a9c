#include "lib/http/digest_auth.h"

#include <array>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/field.h"

namespace hail::http {

namespace {

using DigestKind = base::Digest::Kind;

bool set_algorithm(DigestChallenge& challenge, std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, DigestKind>, 3> known{
        {{"MD5", DigestKind::md5}, {"SHA-256", DigestKind::sha256}, {"SHA-512-256", DigestKind::sha512_256}}};
    constexpr std::string_view session = "-sess";
    challenge.algorithm_name = name;
    challenge.session = name.size() > session.size() &&
                        base::equal_ignoring_case(name.substr(name.size() - session.size()), session);
    name.remove_suffix(challenge.session ? session.size() : 0);
    for (const auto& [word, kind] : known) {
        if (base::equal_ignoring_case(word, name)) {
            challenge.algorithm = kind;
            return true;
        }
    }
    return false;
}

// False: the challenge cannot be answered.
bool set(DigestChallenge& challenge, const FieldReader::Parameter& parameter) {
    const auto& [name, value] = parameter;
    if (name == "algorithm") {
        return set_algorithm(challenge, value);
    }
    if (name == "qop") {
        challenge.qop = lists(value, "auth")       ? Qop::auth
                        : lists(value, "auth-int") ? Qop::auth_int
                                                   : Qop::none;
        return challenge.qop != Qop::none;
    }
    if (name == "realm") {
        challenge.realm = value;
    } else if (name == "nonce") {
        challenge.nonce = value;
    } else if (name == "opaque") {
        challenge.opaque = value;
    } else if (name == "stale") {
        challenge.stale = base::equal_ignoring_case(value, "true");
    } else if (name == "userhash") {
        challenge.user_hash = base::equal_ignoring_case(value, "true");
    }
    return true;
}

// Whether another challenge begins here: a scheme is a token without a '=' after it.
bool at_scheme(FieldReader reader) {
    if (reader.token().empty()) {
        return false;
    }
    reader.skip_space();
    return !reader.rest().starts_with('=');
}

// Takes one challenge's parameters, up to the next scheme; none if it cannot be answered.
std::optional<DigestChallenge> take_challenge(FieldReader& reader) {
    DigestChallenge challenge;
    bool answerable = true;
    while (!reader.at_end() && !at_scheme(reader)) {
        if (auto parameter = reader.parameter()) {
            answerable = set(challenge, *parameter) && answerable;
        } else {
            reader.until(",");
        }
        reader.take(',');
    }
    return answerable && !challenge.nonce.empty() ? std::optional(std::move(challenge)) : std::nullopt;
}

std::vector<DigestChallenge> digest_challenges(std::string_view field) {
    std::vector<DigestChallenge> found;
    FieldReader reader(field);
    reader.skip_space();
    while (!reader.at_end()) {
        const bool digest = base::equal_ignoring_case(reader.token(), "Digest");
        reader.skip_space();
        auto challenge = take_challenge(reader);
        if (digest && challenge) {
            found.push_back(std::move(*challenge));
        }
        while (reader.take(',')) {
        }
        if (!at_scheme(reader)) {
            reader.until(",");  // neither a scheme nor a parameter, such as a token68
        }
    }
    return found;
}

std::string quoted_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' || c == '\\' ? "\\" : "";
        out += c;
    }
    return out + "\"";
}

std::string eight_digits(std::uint32_t number) {
    std::string out;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        base::append_hex(out, static_cast<char>(static_cast<unsigned char>(number >> shift)));
    }
    return out;
}

std::string_view name_of(Qop qop) {
    return qop == Qop::auth_int ? "auth-int" : "auth";
}

std::string response(const DigestChallenge& challenge, const Credentials& credentials, const DigestUse& use) {
    const auto hash = [&](const std::string& text) { return base::hex_digest(challenge.algorithm, text); };
    const std::string client_nonce(use.client_nonce);
    std::string secret = hash(credentials.user + ":" + challenge.realm + ":" + credentials.secret);
    if (challenge.session) {
        secret = hash(secret + ":" + challenge.nonce + ":" + client_nonce);
    }
    std::string what = std::string(use.method) + ":" + std::string(use.target);
    if (challenge.qop == Qop::auth_int) {
        what.append(":").append(use.body_hash);
    }
    std::string middle = challenge.nonce;
    if (challenge.qop != Qop::none) {
        middle += ":" + eight_digits(use.count) + ":" + client_nonce + ":";
        middle += name_of(challenge.qop);
    }
    return hash(secret + ":" + middle + ":" + hash(what));
}

}  // namespace

std::optional<DigestChallenge> find_digest(const ReplyHead& head) {
    std::optional<DigestChallenge> best;
    for (const auto& [name, value] : head.fields()) {
        if (!base::equal_ignoring_case(name, "WWW-Authenticate")) {
            continue;
        }
        for (DigestChallenge& challenge : digest_challenges(value)) {
            if (!best || challenge.algorithm > best->algorithm) {
                best = std::move(challenge);
            }
        }
    }
    return best;
}

std::string digest_answer(const DigestChallenge& challenge, const Credentials& credentials,
                          const DigestUse& use) {
    const std::string user =
        challenge.user_hash ? base::hex_digest(challenge.algorithm, credentials.user + ":" + challenge.realm)
                            : credentials.user;
    std::string out = "Digest username=" + quoted_string(user) + ", realm=" + quoted_string(challenge.realm) +
                      ", nonce=" + quoted_string(challenge.nonce) + ", uri=" + quoted_string(use.target);
    if (!challenge.algorithm_name.empty()) {
        out += ", algorithm=" + challenge.algorithm_name;
    }
    out += ", response=\"" + response(challenge, credentials, use) + "\"";
    if (challenge.qop != Qop::none) {
        out += ", qop=";
        out += name_of(challenge.qop);
        out += ", nc=" + eight_digits(use.count) + ", cnonce=" + quoted_string(use.client_nonce);
    } else if (challenge.session) {
        out += ", cnonce=" + quoted_string(use.client_nonce);
    }
    out += challenge.opaque ? ", opaque=" + quoted_string(*challenge.opaque) : "";
    out += challenge.user_hash ? ", userhash=true" : "";
    return out;
}

}  // namespace hail::http
