#include "lib/http/tls_summary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hail::http {

namespace {

// "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSA-PSS": the rest is of no use here.
std::string protocol_and_cipher(std::string_view text) {
    const std::size_t slash = text.find(" / ");
    if (slash == text.npos) {
        return std::string(text);
    }
    const std::string_view cipher = text.substr(slash + 3);
    return std::string(text.substr(0, slash)) + ", " + std::string(cipher.substr(0, cipher.find(" / ")));
}

bool is_noise(std::string_view fact) {
    static constexpr std::array<std::string_view, 6> noise{
        "Server certificate:", "start date: ", "Proxy certificate:",
        "Certificate level ",  "CAfile: ",     "CApath: "};
    const bool handshake =
        fact.starts_with("TLSv") && (fact.find("(OUT)") != fact.npos || fact.find("(IN)") != fact.npos);
    return handshake || std::any_of(noise.begin(), noise.end(),
                                    [&](std::string_view one) { return fact.starts_with(one); });
}

}  // namespace

std::vector<std::string> TlsSummary::take(std::string_view fact) {
    constexpr std::string_view connection = "SSL connection using ";
    constexpr std::string_view verified = "SSL certificate verify";
    const std::array<std::pair<std::string_view, std::string*>, 4> parts{{{"subject: ", &subject_},
                                                                          {"issuer: ", &issuer_},
                                                                          {"expire date: ", &expires_},
                                                                          {"subjectAltName: ", &name_}}};
    for (const auto& [prefix, target] : parts) {
        if (fact.starts_with(prefix)) {
            *target = fact.substr(prefix.size());
            return {};
        }
    }
    if (fact.starts_with(connection)) {
        protocol_ = protocol_and_cipher(fact.substr(connection.size()));
        return {};
    }
    if (!fact.starts_with(verified) || subject_.empty() + issuer_.empty() == 2) {
        return is_noise(fact) ? std::vector<std::string>() : std::vector<std::string>{std::string(fact)};
    }
    std::string result(fact.substr(4));  // without "SSL "
    result.erase(result.find_last_not_of('.') + 1);
    std::vector<std::string> lines{"certificate: subject " + subject_ + "; issuer " + issuer_ +
                                   "; valid until " + expires_ + (name_.empty() ? "" : "; name: " + name_) +
                                   "; " + result};
    if (!protocol_.empty()) {
        lines.insert(lines.begin(), "TLS: " + protocol_);
    }
    *this = {};
    return lines;
}

}  // namespace hail::http
