#include "lib/bulk/outcome_rules.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"

namespace hail::bulk {

namespace {

using Then = Decision::Then;

template <std::size_t N>
bool is_one_of(int status, const std::array<int, N>& statuses) {
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

// Statuses with which a server says that it did not even try.
constexpr std::array<int, 14> refusing{400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 421, 425, 429, 431};
// Those of them that every other request would get too.
constexpr std::array<int, 5> hopeless{401, 403, 404, 405, 415};

bool mentions(const std::string& text, std::string_view word) {
    return text.find(word) != std::string::npos;
}

bool is_about_rate(const rpc::ErrorObject& refusal) {
    const std::string text = base::lower(refusal.text());
    const bool in_words =
        mentions(text, "rate") || mentions(text, "too many requests") || mentions(text, "request limit");
    return in_words || refusal.number() == 429 || (refusal.number() == -32005 && !mentions(text, "batch"));
}

}  // namespace

Decision classify(const http::Result& result, std::string_view problem) {
    const int status = result.head.status();
    if (status == 0) {
        const std::string why = result.failure ? result.failure->why : std::string(problem);
        const bool arrived = result.sent == http::Sent::wholly || !result.failure;
        const bool lasting = result.failure && result.failure->lasts;
        return arrived ? Decision{Outcome::unknown, Then::settle, why}
                       : Decision{Outcome::not_sent, lasting ? Then::stop : Then::resend, why};
    }
    std::string why = "HTTP " + std::to_string(status);
    if (!problem.empty()) {
        why += ", ";
        why += problem;
    }
    if (status >= 300 && status < 400) {
        return {Outcome::refused, Then::stop, why + " (redirects are not followed)"};
    }
    if (is_one_of(status, hopeless)) {
        return {Outcome::refused, Then::stop, why};
    }
    if (is_one_of(status, refusing)) {
        return {Outcome::refused, status == 413 ? Then::split : Then::settle, why};
    }
    if (status >= 200 && status < 300) {
        why = result.failure ? result.failure->why : std::string(problem);
    }
    return {Outcome::unknown, Then::settle, why};
}

Decision classify_refusal(const rpc::ErrorObject& refusal, int status) {
    const std::string why = rpc::one_line(refusal);
    if (is_one_of(status, hopeless)) {
        return {Outcome::refused, Then::stop, why};
    }
    return {Outcome::refused, status == 429 || is_about_rate(refusal) ? Then::settle : Then::split, why};
}

std::size_t allowed_by(const rpc::ErrorObject& refusal, std::size_t sent) {
    const std::size_t half = std::max<std::size_t>(1, sent / 2);
    const std::string text = base::lower(refusal.text());
    if (mentions(text, "not supported") || mentions(text, "unsupported") || mentions(text, "not allowed") ||
        mentions(text, "disabled")) {
        return 1;
    }
    if (!mentions(text, "batch")) {
        return half;
    }
    std::size_t largest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = std::min(text.find_first_of("0123456789", at), text.size());
        const std::size_t end = std::min(text.find_first_not_of("0123456789", begin), text.size());
        const auto number = base::parse_number(std::string_view(text).substr(begin, end - begin));
        if (number && *number > 0 && *number < sent) {
            largest = std::max(largest, static_cast<std::size_t>(*number));
        }
        at = end;
    }
    return largest > 0 ? largest : half;
}

}  // namespace hail::bulk
