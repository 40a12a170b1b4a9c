#include "cli/options/foreign.h"

#include <algorithm>
#include <array>

namespace hail::cli::options {

namespace {

// Entries with the same names are tried in this order.
constexpr std::array foreign_options{
    ForeignOption{"--stream -S --no-buffer -N --globoff", "no-check-status", ""},
    ForeignOption{"--verify=no --verify=false --verify=0 --no-verify", "insecure", "-k"},
    ForeignOption{"--verify=yes --verify=true --verify=1", "insecure",
                  "nothing: certificates are always verified"},
    ForeignOption{"--verify", "insecure", "-k for --verify=no, or --cacert FILE for a file of certificates"},
    ForeignOption{"--offline", "dry-run", "--dry-run"},
    ForeignOption{"--silent -s", "quiet", "-q"},
    ForeignOption{"--include -i", "print", "-p hb"},
    ForeignOption{"--head", "print", "HEAD before the address, or --headers"},
    ForeignOption{"-F", "form", "-f name=text name@file for a form, or -L to follow redirects"},
    ForeignOption{"--form-string", "form", "-f name=text"},
    ForeignOption{"-A --user-agent", "form", "User-Agent:NAME after the address; HTTPie's -A is --auth"},
    ForeignOption{"-A --user-agent", "header", "-H 'User-Agent: NAME'"},
    ForeignOption{"-e --referer", "form", "Referer:URL after the address"},
    ForeignOption{"--cookie", "form", "Cookie:NAME=VALUE after the address, or --session NAME"},
    ForeignOption{"--cookie-jar -c", "session", "--session ./FILE"},
    ForeignOption{"--session-read-only", "session", "--session NAME"},
    ForeignOption{"--location", "follow", "-L"},
    ForeignOption{"--request", "method", "-X METHOD"},
    ForeignOption{"--data-raw --data-ascii --data-binary", "data", "-d TEXT or -d @FILE"},
    ForeignOption{"--data-urlencode", "form", "-f name=text"},
    ForeignOption{"--get -G", "data", "GET before the address, and name==value for each parameter"},
    ForeignOption{"--upload-file -T", "data", "PUT before the address, and -d @FILE"},
    ForeignOption{"--remote-name --remote-header-name -J", "download", "-O"},
    ForeignOption{"--continue-at -C", "continue", "--continue"},
    ForeignOption{"--dump-header -D", "headers-to", "--headers-to FILE"},
    ForeignOption{"--write-out -w", "meta", "-m for status, sizes and times"},
    ForeignOption{"--fail --fail-with-body", "no-check-status", "nothing: a status from 400 on always fails"},
    ForeignOption{"--compressed", "compress", "nothing: compressed replies are always decoded"},
    ForeignOption{"--max-time", "timeout", "--timeout DURATION"},
    ForeignOption{"--speed-time -y", "idle-timeout", "--idle-timeout DURATION"},
    ForeignOption{"-x", "proxy", "--proxy URL"},
    ForeignOption{"--noproxy", "no-proxy", "--no-proxy HOSTS"},
    ForeignOption{"--max-redirs", "max-redirects", "--max-redirects N"},
    ForeignOption{"--oauth2-bearer", "bearer", "--bearer TOKEN"},
    ForeignOption{"--auth-type --digest --basic", "auth", "--auth digest or --auth basic"},
    ForeignOption{"--cert-key", "key", "--key FILE"},
    ForeignOption{"--ssl --tlsv1.2 --tlsv1.3", "tls-min", "--tls-min VERSION"},
    ForeignOption{"--history-print --all", "verbose", "-v"},
};

bool has_name(std::string_view names, std::string_view name) {
    const std::string padded = " " + std::string(names) + " ";
    return padded.find(" " + std::string(name) + " ") != std::string::npos;
}

constexpr std::array<std::string_view, 7> negations{"no-", "not-", "without-", "no", "in", "un", "dis"};

// True if `negative` is `positive` with a negation in front.
bool negates(std::string_view negative, std::string_view positive) {
    return std::any_of(negations.begin(), negations.end(), [&](std::string_view negation) {
        return negative.starts_with(negation) && negative.substr(negation.size()) == positive;
    });
}

}  // namespace

const ForeignOption* find_foreign(std::string_view word,
                                  const std::function<bool(std::string_view)>& has_option) {
    const bool is_short = word.size() > 2 && word[1] != '-';
    const std::array<std::string_view, 2> spellings{
        word, is_short ? word.substr(0, 2) : word.substr(0, word.find('='))};
    for (const std::string_view spelling : spellings) {
        const auto* const found = std::find_if(
            foreign_options.begin(), foreign_options.end(),
            [&](const ForeignOption& one) { return has_name(one.names, spelling) && has_option(one.needs); });
        if (found != foreign_options.end()) {
            return found;
        }
    }
    return nullptr;
}

bool are_opposites(std::string_view one, std::string_view other) {
    one.remove_prefix(std::min(one.find_first_not_of('-'), one.size()));
    other.remove_prefix(std::min(other.find_first_not_of('-'), other.size()));
    return one.starts_with("no-") != other.starts_with("no-") || negates(one, other) || negates(other, one);
}

}  // namespace hail::cli::options
