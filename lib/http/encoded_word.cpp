#include "lib/http/encoded_word.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "lib/base/charset.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

constexpr std::string_view opening = "=?";
constexpr std::string_view closing = "?=";
constexpr std::size_t longest_word = 1'000;  // 75 in RFC 2047; a limit keeps the time linear

// Quoted-printable, in which '_' is a space. RFC 2047 4.2.
std::optional<std::string> decode_q(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '=') {
            escaped += '%';
        } else if (c == '%') {
            escaped += "%25";
        } else {
            escaped += c == '_' ? ' ' : c;
        }
    }
    return base::percent_decode(escaped);
}

std::optional<std::string> as_utf8(const std::string& bytes, std::string_view charset) {
    if (base::equal_ignoring_case(charset, "UTF-8") || base::equal_ignoring_case(charset, "US-ASCII")) {
        return base::is_utf8(bytes) ? std::optional(bytes) : std::nullopt;
    }
    return base::equal_ignoring_case(charset, "ISO-8859-1") ? std::optional(base::utf8_of_latin1(bytes))
                                                            : std::nullopt;
}

// The encoded word at the front of the text, which is taken away; nothing if there is none.
std::optional<std::string> take_word(std::string_view& text) {
    if (!text.starts_with(opening)) {
        return std::nullopt;
    }
    const std::string_view word = text.substr(0, longest_word);
    const std::size_t charset_end = word.find('?', opening.size());
    const std::size_t encoding_end = charset_end == word.npos ? charset_end : charset_end + 2;
    if (encoding_end == word.npos || encoding_end >= word.size() || word[encoding_end] != '?') {
        return std::nullopt;
    }
    const std::size_t end = word.find(closing, encoding_end + 1);
    if (end == word.npos) {
        return std::nullopt;
    }
    std::string_view charset = word.substr(opening.size(), charset_end - opening.size());
    charset = charset.substr(0, charset.find('*'));
    const char encoding = word[charset_end + 1];
    const std::string_view encoded = word.substr(encoding_end + 1, end - encoding_end - 1);
    const auto bytes = encoding == 'B' || encoding == 'b'   ? base::base64_decode(encoded)
                       : encoding == 'Q' || encoding == 'q' ? decode_q(encoded)
                                                            : std::nullopt;
    auto decoded = bytes ? as_utf8(*bytes, charset) : std::nullopt;
    if (decoded) {
        text.remove_prefix(end + closing.size());
    }
    return decoded;
}

}  // namespace

std::string decode_encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (const auto word = take_word(text)) {
            out += *word;
            const std::string_view next = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
            std::string_view after = next;
            text = take_word(after) ? next : text;
            continue;
        }
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

}  // namespace hail::http
