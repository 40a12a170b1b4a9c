#include "lib/net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/net/address_text.h"
#include "lib/net/host.h"

namespace hail::net {

namespace {

constexpr std::size_t longest_socket_path = 107;  // sun_path, unix(7), without its NUL

constexpr std::string_view escape_hint =
    "in a user name or password write @ as %40, / as %2F, ? as %3F, # as %23, % as %25";

// Parses one address in one pass; every member function takes a part off the front of the remaining text.
class Parser {
  public:
    Parser(std::string_view text, const AddressRules& rules) : text_(text), rules_(rules), rest_(text) {}

    Address parse() {
        reject_unprintable();
        const SchemeInfo* scheme = take_scheme();
        rest_ = rest_.substr(0, rest_.find('#'));
        const auto end = std::min(rest_.find_first_of("/?"), rest_.size());
        std::string_view authority = rest_.substr(0, end);
        split_path(rest_.substr(end));
        take_user(authority);
        if (scheme != nullptr && is_socket_scheme(*scheme)) {
            address_.scheme = scheme->scheme;
            socket(*scheme, authority);
        } else {
            const std::string_view port = take_host(authority, scheme);
            address_.scheme = scheme != nullptr ? scheme->scheme : default_scheme();
            take_port(port);
        }
        check_broker_path();
        return std::move(address_);
    }

  private:
    [[noreturn]] void reject(const std::string& why, std::string hint) const {
        throw base::Error(base::Exit::usage, "address '" + masked_address(text_, rules_.family) + "': " + why,
                          std::move(hint));
    }

    void reject_unprintable() const {
        if (text_.empty()) {
            reject("it is empty", "write HOST, HOST:PORT or SCHEME://HOST; ':' means this machine");
        }
        // Spaces in a path or a query are encoded when the request is sent.
        const bool mends = rules_.family == Family::http;
        const auto behind_host = std::min(text_.find_first_of("/?#", authority_start(text_)), text_.size());
        const auto first_mended =
            text_.begin() + static_cast<std::ptrdiff_t>(mends ? behind_host : text_.size());
        auto found = text_.begin();
        for (; found != text_.end(); ++found) {
            if (base::is_control(*found) || (*found == ' ' && found < first_mended)) {
                break;
            }
        }
        if (found == text_.end()) {
            return;
        }
        const std::string column = std::to_string(found - text_.begin() + 1);
        if (*found == ' ') {
            reject("a space at column " + column,
                   "write a space as %20, and quote the address for the shell");
        }
        reject("a control character at column " + column, "write it percent-encoded, as %0A for a line feed");
    }

    const SchemeInfo* take_scheme() {
        const auto end = static_cast<std::size_t>(
            std::find_if_not(rest_.begin(), rest_.end(), is_scheme_character) - rest_.begin());
        const std::string_view word = rest_.substr(0, end);
        const std::string_view after = rest_.substr(end);
        if (!after.starts_with("://")) {
            refuse_mistyped_scheme(word, after);
            return nullptr;
        }
        rest_ = after.substr(3);
        if (word.empty()) {
            return nullptr;  // "://h/x" is a pasted address without its scheme
        }
        const SchemeInfo* info = find_scheme(word);
        if (info == nullptr) {
            reject("unsupported scheme '" + std::string(word) + "'",
                   "write one of " + allowed_schemes(rules_.family));
        }
        refuse_other_family(*info);
        return info;
    }

    void refuse_mistyped_scheme(std::string_view word, std::string_view after) const {
        if (find_scheme(word) != nullptr && (after.starts_with(":/") || after.starts_with("//"))) {
            reject("the scheme does not end in ://", "write " + base::lower(word) + "://HOST");
        }
    }

    void refuse_other_family(const SchemeInfo& info) const {
        if (info.family == rules_.family) {
            return;
        }
        const std::string scheme(info.name);
        if (info.family == Family::http) {
            reject(scheme + " works only with hail rest, hail rpc and hail batch",
                   "for a broker write one of " + allowed_schemes(Family::broker));
        }
        const std::string socket =
            info.name == "unix" ? "; for HTTP over a socket use --unix-socket PATH" : "";
        reject(scheme + " works only with hail publish and hail subscribe",
               "for HTTP write one of " + allowed_schemes(Family::http) + socket);
    }

    void split_path(std::string_view path_and_query) {
        const auto mark = path_and_query.find('?');
        address_.path = path_and_query.substr(0, mark);
        if (mark != path_and_query.npos) {
            address_.query = path_and_query.substr(mark + 1);
        }
    }

    void take_user(std::string_view& authority) {
        const auto at = authority.rfind('@');
        if (at == authority.npos) {
            return;
        }
        const std::string_view both = authority.substr(0, at);
        authority.remove_prefix(at + 1);
        const auto colon = both.find(':');
        if (colon != 0 && !both.empty()) {
            address_.user = decoded(both.substr(0, colon), "the user name");
        }
        if (colon != both.npos) {
            address_.password = decoded(both.substr(colon + 1), "the password");
        }
    }

    std::string decoded(std::string_view part, const std::string& what) const {
        auto text = base::percent_decode(part);
        if (!text) {
            reject(what + " has a % without two hexadecimal digits", std::string(escape_hint));
        }
        return std::move(*text);
    }

    // Sets the host and returns the text after it: "" or ":port".
    std::string_view take_host(std::string_view authority, const SchemeInfo* scheme) {
        if (authority.starts_with('[')) {
            return take_bracketed(authority);
        }
        if (authority.find_first_of("[]") != authority.npos) {
            reject("a misplaced bracket", "write an IPv6 address as [::1] or [::1]:8080");
        }
        const auto colon = authority.find(':');
        if (colon != authority.npos && authority.find(':', colon + 1) != authority.npos) {
            reject_colons(authority);
        }
        const std::string_view host = authority.substr(0, colon);
        if (host.empty()) {
            empty_host(authority, scheme);
        } else {
            refuse_bad_name(host);
            address_.host = host;
        }
        return colon == authority.npos ? std::string_view{} : authority.substr(colon);
    }

    std::string_view take_bracketed(std::string_view authority) {
        const auto close = authority.find(']');
        if (close == authority.npos) {
            reject("the bracket [ is not closed", "write an IPv6 address as [::1] or [::1]:8080");
        }
        auto host = parse_ipv6(authority.substr(1, close - 1));
        if (!host) {
            reject("the text in brackets is not an IPv6 address",
                   "write it as [::1], with a zone as [fe80::1%eth0]");
        }
        const std::string_view after = authority.substr(close + 1);
        if (!after.empty() && after.front() != ':') {
            reject("unexpected text after ]", "write [::1]:8080");
        }
        address_.host = std::move(*host);
        return after;
    }

    [[noreturn]] void reject_colons(std::string_view authority) const {
        if (may_hide_password(text_, rules_.family)) {
            reject("it is not clear where the password ends", std::string(escape_hint));
        }
        if (parse_ipv6(authority)) {
            const std::string whole = "[" + std::string(authority) + "]";
            reject("an IPv6 address needs brackets", "write " + whole + " or " + whole + ":PORT");
        }
        reject("more than one colon in the host", "write HOST:PORT, or [::1]:PORT for an IPv6 address");
    }

    void empty_host(std::string_view authority, const SchemeInfo* scheme) {
        if (scheme == nullptr && authority.starts_with(':')) {
            address_.host = "localhost";
            return;
        }
        if (may_hide_password(text_, rules_.family)) {
            reject("it is not clear where the password ends", std::string(escape_hint));
        }
        if (scheme != nullptr) {
            reject("no host", "write " + std::string(scheme->name) + "://localhost" + std::string(authority) +
                                  " for this machine");
        }
        if (rules_.family == Family::broker && address_.path.size() > 1) {
            reject("no host", "write a unix socket as unix://" + address_.path);
        }
        reject("no host", "for this machine write :" + address_.path + ", with a port :8080" + address_.path);
    }

    void refuse_bad_name(std::string_view host) const {
        const auto wrong = std::find_if(host.begin(), host.end(), [](char c) {
            // Part of an internationalised name, which libcurl converts.
            const bool high = static_cast<unsigned char>(c) >= 0x80;
            return !(high || base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~');
        });
        if (wrong != host.end()) {
            reject("'" + std::string(1, *wrong) + "' is not allowed in a host name",
                   *wrong == '%' ? "write the name itself, not percent-encoded"
                                 : "write HOST, HOST:PORT or SCHEME://HOST");
        }
        if (host.front() == '.') {
            reject("the host begins with a dot", "write the name without it");
        }
    }

    Scheme default_scheme() const {
        if (rules_.default_scheme.empty()) {
            const bool near = rules_.family == Family::http && is_near(address_.host);
            return rules_.family == Family::broker ? Scheme::redis : near ? Scheme::http : Scheme::https;
        }
        const SchemeInfo* info = find_scheme(rules_.default_scheme);
        if (info == nullptr || info->family != rules_.family || is_socket_scheme(*info)) {
            const std::string names =
                rules_.family == Family::http ? "http or https" : "redis, rediss, amqp or amqps";
            throw base::Error(base::Exit::usage,
                              "option --default-scheme: '" + base::one_line(rules_.default_scheme) +
                                  "' does not work with this command",
                              "write " + names);
        }
        return info->scheme;
    }

    void take_port(std::string_view port) {
        address_.port = default_port(address_.scheme);
        if (port.size() <= 1) {
            return;  // RFC 3986 allows "host:", which means the default port of the scheme
        }
        port.remove_prefix(1);
        const bool digits = std::all_of(port.begin(), port.end(), base::is_digit);
        if (!digits && may_hide_password(text_, rules_.family)) {
            reject("it is not clear where the password ends", std::string(escape_hint));
        }
        const auto number = base::parse_number(port);
        if (!number || *number == 0 || *number > 65535) {
            reject("port '" + base::one_line(port) +
                       (digits ? "' is not between 1 and 65535" : "' is not a number"),
                   "write HOST:PORT with a number, or omit :PORT for " + std::to_string(address_.port));
        }
        address_.port = static_cast<std::uint16_t>(*number);
    }

    void socket(const SchemeInfo& scheme, std::string_view authority) {
        const std::string prefix = std::string(scheme.name) + "://";
        if (!authority.empty()) {
            reject("a socket path begins with /",
                   "write " + prefix + "/" + std::string(authority) + address_.path);
        }
        if (address_.path.size() < 2 || address_.path.back() == '/') {
            reject("no socket path", "write " + prefix + "/path/of/socket, with a database as ?db=1");
        }
        address_.unix_socket = decoded(address_.path, "the path");
        if (address_.unix_socket.size() > longest_socket_path) {
            reject("the socket path is longer than " + std::to_string(longest_socket_path) + " bytes",
                   "use a shorter path, such as that of a symbolic link");
        }
        if (address_.unix_socket.find('\0') != std::string::npos) {
            reject("the socket path contains a NUL", "write the path of the socket file");
        }
        address_.path.clear();
        address_.host = "localhost";
        address_.port = default_port(address_.scheme);
    }

    void check_broker_path() const {
        const std::string_view name =
            address_.path.empty() ? address_.path : std::string_view(address_.path).substr(1);
        if (rules_.family == Family::http) {
            return;
        }
        if (may_hide_password(text_, rules_.family)) {
            reject("it is not clear where the password ends", std::string(escape_hint));
        }
        if (address_.scheme == Scheme::amqp || address_.scheme == Scheme::amqps) {
            if (name.find('/') != name.npos || !base::percent_decode(name)) {
                reject("the text after the first / is not a virtual host",
                       "write /NAME, with / in the name as %2F");
            }
            return;
        }
        const bool by_query = address_.query.starts_with("db=");
        const std::string_view number = by_query ? std::string_view(address_.query).substr(3) : name;
        if (!address_.query.empty() && !by_query) {
            reject("only db=N is allowed after the ?", "write the database as /N or ?db=N");
        }
        if (by_query && !name.empty()) {
            reject("the database is named twice", "write /N or ?db=N, not both");
        }
        if ((by_query || !number.empty()) && !base::parse_number(number)) {
            reject("database '" + base::one_line(number) + "' is not a number",
                   "write the database as /N or ?db=N");
        }
    }

    std::string_view text_;
    const AddressRules& rules_;
    std::string_view rest_;
    Address address_;
};

}  // namespace

Address parse_address(std::string_view text, const AddressRules& rules) {
    return Parser(text, rules).parse();
}

std::uint64_t redis_database(const Address& address) {
    const std::string_view path = address.path;
    const std::string_view query = address.query;
    const std::string_view text =
        query.starts_with("db=") ? query.substr(3) : path.substr(path.empty() ? 0 : 1);
    return base::parse_number(text).value_or(0);
}

}  // namespace hail::net
