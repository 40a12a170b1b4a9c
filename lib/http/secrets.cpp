#include "lib/http/secrets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"

namespace hail::http {

using base::equal_ignoring_case;

namespace {

// A name in lower case with a '-' for what separates its words, and one at both ends: "-user-password-".
std::string words_of(std::string_view name) {
    std::string words = "-" + base::lower(name) + "-";
    std::replace_if(
        words.begin(), words.end(),
        [](char c) { return std::string_view("_[].").find(c) != std::string_view::npos; }, '-');
    return words;
}

template <std::size_t count>
bool holds_any(const std::string& words, const std::array<std::string_view, count>& known) {
    return std::any_of(known.begin(), known.end(),
                       [&](std::string_view one) { return words.find(one) != words.npos; });
}

}  // namespace

bool is_secret(std::string_view header_name) {
    static constexpr std::array<std::string_view, 4> known{"Authorization", "Proxy-Authorization", "Cookie",
                                                           "Set-Cookie"};
    if (std::any_of(known.begin(), known.end(),
                    [&](auto name) { return equal_ignoring_case(name, header_name); })) {
        return true;
    }
    // X-Api-Key, PRIVATE-TOKEN, X_AUTH, X-Amz-Security-Token, X-Session-Id, Ocp-Apim-Subscription-Key, …
    static constexpr std::array<std::string_view, 21> telling{
        "apikey",    "token", "secret", "password",  "passphrase", "passwd", "credential",
        "signature", "csrf",  "xsrf",   "sessionid", "sessid",     "-auth-", "-session-",
        "-jwt-",     "-key-", "-pass-", "-pwd-",     "-otp-",      "-pin-",  "-vault-"};
    static constexpr std::array<std::string_view, 6> harmless{"-idempotency-key-", "-sec-websocket-key-",
                                                              "-surrogate-key-",   "-public-key-",
                                                              "-max-tokens-",      "-auth-mechanism-"};
    const std::string words = words_of(header_name);
    return holds_any(words, telling) && !holds_any(words, harmless);
}

bool is_secret_parameter(std::string_view name) {
    const std::string decoded = base::percent_decode(name).value_or(std::string(name));
    static constexpr std::array<std::string_view, 3> telling{"-sig-", "-assertion-", "-samlresponse-"};
    static constexpr std::array<std::string_view, 5> codes{"-code-", "-auth-code-", "-authorization-code-",
                                                           "-device-code-", "-code-verifier-"};
    const std::string words = words_of(decoded);
    return is_secret(decoded) || holds_any(words, telling) ||
           std::find(codes.begin(), codes.end(), words) != codes.end();
}

bool is_secret_field(std::string_view name) {
    return is_secret_parameter(name) && !equal_ignoring_case(name, "key") &&
           !equal_ignoring_case(name, "code");
}

namespace {

// Keeps only the scheme of an Authorization readable, so that people can see which one was used.
std::string masked_value(std::string_view name, std::string_view value) {
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

// The lengths of user and password in a URL, from after its "://"; both are 0 without a password.
std::pair<std::size_t, std::size_t> login(std::string_view text) {
    const std::size_t at = text.substr(0, text.find_first_of("/?# \t\r\n\"'<>")).rfind('@');
    const std::size_t colon = text.find(':');
    const bool password = at != text.npos && colon < at;
    return {password ? colon : 0, password ? at - colon - 1 : 0};
}

// The place of a parameter decides how its value ends: in a URL at the next separator, in words also at a
// quote or a full stop.
enum class Inside { url, words };

constexpr std::string_view ends_in_url = "&# \t\r\n";
constexpr std::string_view ends_in_words = "&# \t\r\n\"'<>";

// The lengths of name and value of a secret "name=value" of a query, at the front of the text; a value of 0
// means that the text does not begin with a secret.
std::pair<std::size_t, std::size_t> secret_pair(std::string_view text, Inside inside) {
    const std::size_t equals = text.find_first_of("=&;# \t\r\n\"'<>");
    if (equals == text.npos || text[equals] != '=' || !is_secret_parameter(text.substr(0, equals))) {
        return {0, 0};
    }
    std::string_view value = text.substr(equals + 1);
    value = value.substr(0, value.find_first_of(inside == Inside::url ? ends_in_url : ends_in_words));
    return {equals, inside == Inside::url ? value.size() : value.find_last_not_of(":,.)]") + 1};
}

// Without the value of a secret parameter at its front, which is taken away.
void take_pair(std::string& out, std::string_view& text, Inside inside) {
    if (const auto [name, value] = secret_pair(text, inside); value > 0) {
        out.append(text.substr(0, name)).append("=***");
        text.remove_prefix(name + 1 + value);
    }
}

std::string masked(std::string_view text, Inside inside) {
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
        if (std::string_view("?&;#").find(c) != std::string_view::npos) {
            take_pair(out, text, inside);
        }
    }
    return out;
}

}  // namespace

std::string mask_urls(std::string_view text) {
    return masked(text, Inside::words);
}

std::string mask_url(std::string_view url) {
    return masked(url, Inside::url);
}

std::string mask_form(std::string_view form) {
    std::string out;
    take_pair(out, form, Inside::url);
    return out + masked(form, Inside::url);
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
            const bool is_field = text.substr(0, text.find(' ')).find(':') != text.npos;
            out += masked(line, is_field ? Inside::words : Inside::url);
            continue;
        }
        const std::string_view end = line.substr(std::min(line.find_last_not_of("\r\n") + 1, line.size()));
        const std::string_view name = text.substr(0, colon);
        out += std::string(name) + ": " + masked_value(name, base::trim(text.substr(colon + 1)));
        out += end;
    }
    return out;
}

}  // namespace hail::http
