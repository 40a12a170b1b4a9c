#include "lib/http/secrets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"

namespace hail::http {

using base::equal_ignoring_case;

bool is_secret(std::string_view header_name) {
    static constexpr std::array<std::string_view, 4> known{"Authorization", "Proxy-Authorization", "Cookie",
                                                           "Set-Cookie"};
    if (std::any_of(known.begin(), known.end(),
                    [&](auto name) { return equal_ignoring_case(name, header_name); })) {
        return true;
    }
    // X-Api-Key, PRIVATE-TOKEN, X_AUTH, X-Amz-Security-Token, X-Session-Id, Ocp-Apim-Subscription-Key, …
    std::string name = "-" + base::lower(header_name) + "-";
    std::replace(name.begin(), name.end(), '_', '-');
    static constexpr std::array<std::string_view, 10> telling{
        "apikey",    "token",  "secret",    "password", "credential",
        "signature", "-auth-", "-session-", "-jwt-",    "-key-"};
    static constexpr std::array<std::string_view, 3> harmless{"-idempotency-key-", "-sec-websocket-key-",
                                                              "-surrogate-key-"};
    const auto is_in = [&](std::string_view word) { return name.find(word) != name.npos; };
    return std::any_of(telling.begin(), telling.end(), is_in) &&
           std::none_of(harmless.begin(), harmless.end(), is_in);
}

namespace {

// Keeps only the scheme of an Authorization readable, so that people can see which one was used.
std::string masked(std::string_view name, std::string_view value) {
    const bool scheme =
        equal_ignoring_case(name, "Authorization") || equal_ignoring_case(name, "Proxy-Authorization");
    const std::size_t space = value.find(' ');
    if (scheme && space != value.npos) {
        return std::string(value.substr(0, space)) + " ***";
    }
    return "***";
}

}  // namespace

namespace {

bool is_secret_of_query(std::string_view name) {
    return is_secret(name) || equal_ignoring_case(name, "sig");
}

// The lengths of user and password in a URL, from after its "://"; both are 0 without a password.
std::pair<std::size_t, std::size_t> login(std::string_view text) {
    const std::size_t at = text.substr(0, text.find_first_of("/?# \t\r\n\"'<>")).rfind('@');
    const std::size_t colon = text.find(':');
    const bool password = at != text.npos && colon < at;
    return {password ? colon : 0, password ? at - colon - 1 : 0};
}

// The lengths of name and value of a secret "name=value" of a query, at the front of the text; a value of 0
// means that the text does not begin with a secret.
std::pair<std::size_t, std::size_t> secret_pair(std::string_view text) {
    const std::size_t equals = text.find_first_of("=&;# \t\r\n\"'<>");
    if (equals == text.npos || text[equals] != '=' || !is_secret_of_query(text.substr(0, equals))) {
        return {0, 0};
    }
    std::string_view value = text.substr(equals + 1);
    value = value.substr(0, value.find_first_of("&# \t\r\n\"'<>"));
    return {equals, value.substr(0, value.find_last_not_of(":,.)") + 1).size()};
}

}  // namespace

std::string mask_urls(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with("://")) {
            out += "://";
            text.remove_prefix(3);
            if (const auto [user, password] = login(text); password > 0) {
                out.append(text.substr(0, user)).append(":***");
                text.remove_prefix(user + 1 + password);
            }
            continue;
        }
        const char c = text.front();
        out += c;
        text.remove_prefix(1);
        if (c != '?' && c != '&' && c != ';') {
            continue;
        }
        if (const auto [name, value] = secret_pair(text); value > 0) {
            out.append(text.substr(0, name)).append("=***");
            text.remove_prefix(name + 1 + value);
        }
    }
    return out;
}

std::string mask_fact(std::string_view fact) {
    for (std::size_t open = fact.find('['); open != fact.npos; open = fact.find('[', open + 1)) {
        const std::size_t colon = fact.find(':', open);
        if (colon != fact.npos && is_secret(fact.substr(open + 1, colon - open - 1))) {
            return std::string(fact.substr(0, colon)) + ": ***]";
        }
    }
    return mask_urls(fact);
}

std::string mask_secrets(std::string_view head) {
    std::string out;
    out.reserve(head.size());
    while (!head.empty()) {
        const std::size_t length = std::min(head.find('\n'), head.size() - 1) + 1;
        const std::string_view line = head.substr(0, length);
        head.remove_prefix(length);
        const std::string_view text = base::trim(line);
        const std::size_t colon = text.find(':');
        if (colon == text.npos || colon + 1 == text.size() || !is_secret(text.substr(0, colon))) {
            out += line.find("://") == line.npos ? std::string(line) : mask_urls(line);
            continue;
        }
        const std::string_view end = line.substr(std::min(line.find_last_not_of("\r\n") + 1, line.size()));
        const std::string_view name = text.substr(0, colon);
        out += std::string(name) + ": " + masked(name, base::trim(text.substr(colon + 1)));
        out += end;
    }
    return out;
}

}  // namespace hail::http
