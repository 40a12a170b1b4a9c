#include "lib/http/disposition.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/http/field.h"

namespace hail::http {

namespace {

constexpr std::size_t longest_name = 200;  // bytes: leaves room for ".part" and "-1" in the usual 255

std::string utf8_of_latin1(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | byte >> 6U);
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

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
    return bytes && base::equal_ignoring_case(charset, "ISO-8859-1") ? std::optional(utf8_of_latin1(*bytes))
                                                                     : std::nullopt;
}

// Many servers percent-encode the plain filename too.
std::string decode_plain(std::string_view value) {
    const auto decoded = base::percent_decode(value);
    const std::string text = decoded ? *decoded : std::string(value);
    return base::is_utf8(text) ? text : utf8_of_latin1(value);
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

bool is_control(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool c1 = byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    const bool after_c1 = at > 0 && byte < 0xA0 && static_cast<unsigned char>(text[at - 1]) == 0xC2;
    return byte < 0x20 || byte == 0x7F || c1 || after_c1;
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
}

}  // namespace

std::optional<std::string> disposition_name(std::string_view content_disposition) {
    FieldReader reader(content_disposition);
    reader.skip_space();
    reader.token();  // attachment or inline: the name is the same
    std::optional<std::string> plain;
    std::optional<std::string> extended;
    while (!reader.at_end()) {
        reader.until(";");
        reader.take(';');
        const auto parameter = reader.parameter();
        if (parameter && parameter->name == "filename*" && !extended) {
            extended = decode_extended(parameter->value);
        } else if (parameter && parameter->name == "filename" && !plain) {
            plain = decode_plain(parameter->value);
        }
    }
    return extended ? extended : plain;
}

std::string harmless_name(std::string_view name) {
    const std::string text = base::is_utf8(name) ? std::string(name) : utf8_of_latin1(name);
    const std::string_view part = last_part(text);
    std::string out;
    for (std::size_t at = 0; at < part.size(); ++at) {
        if (!is_control(part, at)) {
            out += part[at];
        }
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
