#include "lib/http/disposition.h"

#include <algorithm>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/base/unseen.h"
#include "lib/http/encoded_word.h"
#include "lib/http/field.h"

namespace hail::http {

namespace {

constexpr std::size_t longest_name = 200;  // bytes: leaves room for ".part" and "-1" in the usual 255

// charset'language'percent-encoded; none for a charset other than the two that RFC 8187 names.
std::optional<std::string> decode_extended(std::string_view value) {
    const auto first = value.find('\'');
    const auto second = first == value.npos ? first : value.find('\'', first + 1);
    if (second == value.npos) {
        return std::nullopt;
    }
    auto bytes = base::percent_decode(value.substr(second + 1));
    const std::string_view charset = value.substr(0, first);
    if (bytes && base::equal_ignoring_case(charset, "UTF-8") && base::is_utf8(*bytes)) {
        return bytes;
    }
    return bytes && base::equal_ignoring_case(charset, "ISO-8859-1")
               ? std::optional(base::utf8_of_latin1(*bytes))
               : std::nullopt;
}

// Many servers percent-encode the plain filename too, or encode it as in mail.
std::string decode_plain(std::string_view value) {
    if (std::string words = decode_encoded_words(value); words != value) {
        return base::is_utf8(words) ? words : base::utf8_of_latin1(words);
    }
    const auto decoded = base::percent_decode(value);
    const std::string text = decoded ? *decoded : std::string(value);
    return base::is_utf8(text) ? text : base::utf8_of_latin1(value);
}

// Cuts between two UTF-8 characters and keeps a short extension.
std::string shortened(const std::string& name) {
    if (name.size() <= longest_name) {
        return name;
    }
    const auto dot = name.rfind('.');
    const std::string extension = dot != name.npos && name.size() - dot <= 20 ? name.substr(dot) : "";
    std::size_t cut = longest_name - extension.size();
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0U) == 0x80U) {
        --cut;
    }
    return name.substr(0, cut) + extension;
}

// The length of a control character (C0, DEL, C1) or an invisible one at the front of the text, otherwise 0.
std::size_t bad_length(std::string_view text) {
    if (base::is_control(text.front())) {
        return 1;
    }
    const bool c1 = text.front() == '\xC2' && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0;
    return c1 ? 2 : base::unseen_length(text);
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
}

// A value in quotes of either kind ends at the closing one; only a quote and a backslash are escaped in it,
// since some servers send a whole path of Windows. A value without quotes ends at the next ';': blanks and
// commas are a part of it, as in curl and browsers.
std::string take_value(FieldReader& reader) {
    const std::string_view text = reader.rest();
    const char quote = text.empty() ? '\0' : text.front();
    const bool quoted = quote == '"' || (quote == '\'' && text.find('\'', 1) != text.npos);
    if (!quoted) {
        return std::string(base::trim(reader.until(";")));
    }
    std::string out;
    std::size_t at = 1;
    while (at < text.size() && text[at] != quote) {
        const bool escapes =
            text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == quote || text[at + 1] == '\\');
        at += escapes ? 1U : 0U;
        out += text[at++];
    }
    reader.skip(std::min(at + 1, text.size()));
    return out;
}

}  // namespace

// The first of several names counts. The type may be missing.
std::optional<std::string> disposition_name(std::string_view content_disposition) {
    FieldReader reader(content_disposition);
    std::optional<std::string> plain;
    std::optional<std::string> extended;
    while (!reader.at_end()) {
        reader.skip_space();
        const std::string name = base::lower(reader.token());
        reader.skip_space();
        const bool has_value = reader.take('=');
        if (has_value && name == "filename*") {
            const std::string value = take_value(reader);
            extended = extended ? extended : decode_extended(value);
        } else if (has_value && name == "filename") {
            std::string value = decode_plain(take_value(reader));
            plain = plain ? plain : value.empty() ? plain : std::optional(std::move(value));
        } else if (has_value) {
            take_value(reader);
        }
        reader.until(";");
        reader.take(';');
    }
    return extended ? extended : plain;
}

std::string harmless_name(std::string_view name) {
    const std::string text = base::is_utf8(name) ? std::string(name) : base::utf8_of_latin1(name);
    const std::string_view part = last_part(text);
    std::string out;
    for (std::size_t at = 0; at < part.size();) {
        const std::size_t bad = bad_length(part.substr(at));
        out += bad > 0 ? std::string_view() : part.substr(at, 1);
        at += std::max<std::size_t>(bad, 1);
    }
    out.erase(0, std::min(out.find_first_not_of(" .-"), out.size()));
    out = shortened(out);
    return std::string(base::trim(out));
}

std::string download_name(std::optional<std::string_view> content_disposition, std::string_view url,
                          std::string_view content_type) {
    const auto named = content_disposition ? disposition_name(*content_disposition) : std::nullopt;
    std::string name = named ? harmless_name(*named) : "";
    if (name.empty()) {
        const auto path = url.find('/', std::min(url.find("://"), url.size() - 1) + 3);
        const std::string_view end = path == url.npos ? std::string_view{} : url.substr(path);
        const std::string_view part = last_part(end.substr(0, end.find('?')));
        name = harmless_name(base::percent_decode(part).value_or(std::string(part)));
    }
    if (name.empty()) {
        name = base::lower(content_type.substr(0, 9)) == "text/html" ? "index.html" : "download";
    }
    return name;
}

std::string free_name(const std::string& name, const std::function<bool(const std::string&)>& is_taken) {
    const auto last = name.rfind('.');
    const auto tar = last == name.npos || last < 4            ? name.npos
                     : name.compare(last - 4, 4, ".tar") == 0 ? last - 4
                                                              : last;
    const auto dot = tar == name.npos ? last : tar;
    const std::string stem = name.substr(0, dot);
    const std::string extension = dot == name.npos ? "" : name.substr(dot);
    std::string candidate = name;
    for (int number = 1; is_taken(candidate); ++number) {
        candidate = stem + "-" + std::to_string(number) + extension;
    }
    return candidate;
}

}  // namespace hail::http
