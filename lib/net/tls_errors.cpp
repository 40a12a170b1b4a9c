#include "lib/net/tls_errors.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/text.h"

namespace hail::net {

using base::Exit;

namespace {

constexpr std::string_view by_authority =
    "trust its authority with --cacert FILE, or skip the check with --insecure";
constexpr std::string_view by_clock = "is the clock of this machine right? --insecure skips the check";
constexpr std::string_view by_port = "this port does not seem to speak TLS: try the scheme without the s";
constexpr std::string_view by_version = "allow an older version with --tls-min";

struct Fault {
    std::string_view words;  // of OpenSSL, a part of its line
    std::string_view why;
    std::string_view hint;
};

// The first whose words are there counts.
constexpr std::array certificate_faults{
    Fault{"self-signed certificate in certificate chain", "its authority is not trusted", by_authority},
    Fault{"self signed certificate in certificate chain", "its authority is not trusted", by_authority},
    Fault{"self-signed certificate", "it is signed by itself", by_authority},
    Fault{"self signed certificate", "it is signed by itself", by_authority},
    Fault{"unable to get local issuer certificate", "its authority is not trusted", by_authority},
    Fault{"unable to get issuer certificate", "its authority is not trusted", by_authority},
    Fault{"unable to verify the first certificate", "its authority is not trusted", by_authority},
    Fault{"certificate has expired", "it has expired", by_clock},
    Fault{"certificate is not yet valid", "it is not valid yet", by_clock},
};

constexpr std::array handshake_faults{
    Fault{"wrong version number", "the answer is not TLS", by_port},
    Fault{"packet length too long", "the answer is not TLS", by_port},
    Fault{"alert protocol version", "the server does not speak the versions of TLS that are allowed here",
          by_version},
    Fault{"unsupported protocol", "the server chose a version of TLS that is not allowed here", by_version},
    Fault{"alert handshake failure",
          "the server accepts none of the ciphers and versions of TLS offered to it", ""},
    Fault{"no protocols available", "OpenSSL allows no version of TLS that --tls-min names", by_version},
    Fault{"alert unrecognized name", "the server does not know this host name",
          "reach the server under its own name with --connect-to"},
    Fault{"legacy sigalg disallowed", "OpenSSL does not allow the old signatures of this version of TLS", ""},
    Fault{"dh key too small", "the key of the server is too short to be safe", ""},
    Fault{"ee key too small", "the key in the server's certificate is too short to be safe", ""},
    Fault{"ca md too weak", "the server's certificate is signed with a hash that is not safe", ""},
    Fault{"unexpected eof while reading", "the server closed the connection", ""},
    Fault{"alert internal error", "the server reports an error of its own", ""},
};

template <std::size_t Count>
const Fault* find(const std::array<Fault, Count>& faults, std::string_view words) {
    const auto* const found = std::find_if(faults.begin(), faults.end(), [&](const Fault& fault) {
        return words.find(fault.words) != words.npos;
    });
    return found == faults.end() ? nullptr : found;
}

// The words after "error:0A00042E:SSL routines::" and the like, which say nothing to a person.
std::string library_words(const CurlError& error) {
    std::string_view text = error.detail.empty() ? curl_easy_strerror(error.code) : error.detail;
    for (const std::string_view preface : {"SSL routines::", "SSL certificate problem: "}) {
        const std::size_t at = text.find(preface);
        text.remove_prefix(at == text.npos ? 0 : at + preface.size());
    }
    return base::one_line(text);
}

// The host in "... does not match target host name 'example.org'"; empty if the line is not about a name.
std::string_view wanted_name(std::string_view detail) {
    constexpr std::string_view target = "target ";
    const bool about_name = detail.find("subject name") != detail.npos;
    const std::size_t at = about_name ? detail.find(target) : detail.npos;
    const std::size_t open = at == detail.npos ? at : detail.find('\'', at);
    return open == detail.npos ? std::string_view()
                               : detail.substr(open + 1, detail.find('\'', open + 1) - open - 1);
}

constexpr std::size_t most_names = 5;

std::string listed(const std::vector<std::string>& names) {
    std::vector<std::string> shown(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_names)));
    std::string text = base::one_line(base::join(shown, ", "));
    return names.size() > most_names ? text + " and " + std::to_string(names.size() - most_names) + " more"
                                     : text;
}

Failure wrong_name(const CurlError& error, std::string_view wanted) {
    std::string why = "the server's certificate is not for " + base::one_line(wanted);
    std::string hint = "--insecure skips the check";
    if (!error.certificate_names.empty()) {
        why += ", but for " + listed(error.certificate_names);
        hint = "use that name, with --connect-to if it leads elsewhere; " + hint;
    }
    return {Exit::unreachable, why, hint, true};
}

}  // namespace

Failure explain_certificate(const CurlError& error) {
    if (const std::string_view wanted = wanted_name(error.detail); !wanted.empty()) {
        return wrong_name(error, wanted);
    }
    const Fault* const known = find(certificate_faults, error.detail);
    const std::string why = known != nullptr ? std::string(known->why) : library_words(error);
    return {Exit::unreachable, "the server's certificate is not accepted: " + why,
            std::string(known != nullptr ? known->hint : "--insecure skips the check"), true};
}

Failure explain_handshake(const CurlError& error) {
    const Fault* const known = find(handshake_faults, error.detail);
    if (known == nullptr) {
        return {Exit::unreachable, "the TLS handshake failed: " + library_words(error), {}, true};
    }
    // Without --tls-min, its advice would not help: OpenSSL itself does not allow an older version.
    const bool of_use = known->hint != by_version || error.tls_min;
    return {Exit::unreachable, "the TLS handshake failed: " + std::string(known->why),
            std::string(of_use ? known->hint : ""), true};
}

}  // namespace hail::net
