#include "lib/http/json_web_token.h"

#include <algorithm>
#include <charconv>

#include "lib/base/digest.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

// RFC 4648 section 5, without padding.
std::string base64_for_urls(std::string_view bytes) {
    std::string text = base::base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::min(text.find('='), text.size()));
    return text;
}

}  // namespace

std::string json_web_token(std::string_view secret, std::int64_t now) {
    const std::string token = base64_for_urls(R"({"alg":"HS256","typ":"JWT"})") + "." +
                              base64_for_urls("{\"iat\":" + std::to_string(now) + "}");
    return token + "." + base64_for_urls(base::hmac_sha256(secret, token));
}

std::string secret_of_hex(std::string_view text) {
    text = base::trim(text);
    text.remove_prefix(text.starts_with("0x") || text.starts_with("0X") ? 2 : 0);
    std::string bytes;
    for (; text.size() >= 2; text.remove_prefix(2)) {
        unsigned value = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + 2, value, 16);
        if (problem != std::errc() || end != text.data() + 2) {
            return "";
        }
        bytes += static_cast<char>(value);
    }
    return text.empty() ? bytes : "";
}

}  // namespace hail::http
