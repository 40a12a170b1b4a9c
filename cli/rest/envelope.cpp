#include "cli/rest/envelope.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::rest {

namespace {

// Bytes of a head that are not UTF-8 are taken for ISO 8859-1, as RFC 9110 5.5 has them.
std::string as_utf8(std::string_view text) {
    if (base::is_utf8(text)) {
        return std::string(text);
    }
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | (byte >> 6U));
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

void add_key(std::string& out, std::string_view key) {
    if (!out.ends_with('{')) {
        out += ',';
    }
    json::append_quoted(out, key);
    out += ':';
}

void add_text(std::string& out, std::string_view key, std::string_view value) {
    add_key(out, key);
    json::append_quoted(out, as_utf8(value));
}

void add_number(std::string& out, std::string_view key, std::uint64_t value) {
    add_key(out, key);
    out += std::to_string(value);
}

void add_milliseconds(std::string& out, std::string_view key, http::Timings::Microseconds time) {
    constexpr double in_a_millisecond = 1000;
    std::array<char, 32> digits{};
    const auto end =
        std::to_chars(digits.begin(), digits.end(), static_cast<double>(time.count()) / in_a_millisecond);
    add_key(out, key);
    out.append(digits.data(), end.ptr);
}

using Lines = std::pair<std::string, std::vector<std::string_view>>;

void add_header(std::string& out, const Lines& lines) {
    const auto& [name, values] = lines;
    if (name != "set-cookie") {
        add_text(out, name, base::join(values, ", "));
        return;
    }
    add_key(out, name);
    char before = '[';
    for (const std::string_view value : values) {
        out += std::exchange(before, ',');
        json::append_quoted(out, as_utf8(value));
    }
    out += ']';
}

void add_headers(std::string& out, const http::ReplyHead& head) {
    std::vector<Lines> all;
    for (const auto& field : head.fields()) {
        std::string name = base::lower(as_utf8(field.name));
        const auto known =
            std::find_if(all.begin(), all.end(), [&](const Lines& lines) { return lines.first == name; });
        Lines& lines =
            known == all.end() ? all.emplace_back(std::move(name), std::vector<std::string_view>()) : *known;
        lines.second.push_back(field.value);
    }
    add_key(out, "headers");
    out += '{';
    for (const Lines& lines : all) {
        add_header(out, lines);
    }
    out += '}';
}

// What says to be something else than JSON is text even if it reads as JSON.
bool is_json_body(const http::ReplyHead& head, std::string_view body) {
    const std::string type = base::lower(head.find("Content-Type").value_or(""));
    return (type.empty() || type.find("json") != type.npos) && json::is_json(body);
}

void add_body(std::string& out, const http::ReplyHead& head, std::string_view body) {
    if (body.empty()) {
        return;
    }
    if (is_json_body(head, body)) {
        add_key(out, "body");
        json::append_compact(out, json::trim(body));
    } else if (base::is_utf8(body)) {
        add_key(out, "body_text");
        json::append_quoted(out, body);
    } else {
        add_key(out, "body_base64");
        out += '"' + base::base64(body) + '"';
    }
}

void add_times(std::string& out, const http::Timings& times) {
    add_key(out, "milliseconds");
    out += '{';
    add_milliseconds(out, "name", times.name);
    add_milliseconds(out, "connected", times.connected);
    add_milliseconds(out, "tls", times.tls);
    add_milliseconds(out, "ready", times.ready);
    add_milliseconds(out, "first_byte", times.first_byte);
    add_milliseconds(out, "total", times.total);
    out += '}';
}

}  // namespace

std::string envelope(std::string_view url, const http::Result& result, std::string_view body) {
    std::string out = "{";
    add_text(out, "url", url);
    add_number(out, "status", static_cast<std::uint64_t>(result.head.status()));
    add_text(out, "reason", result.head.reason());
    add_text(out, "version", result.head.version());
    add_headers(out, result.head);
    add_body(out, result.head, body);
    add_times(out, result.timings);
    add_text(out, "remote", result.remote);
    add_key(out, "bytes");
    out += '{';
    add_number(out, "sent", result.request_bytes);
    add_number(out, "head", result.reply_head_bytes);
    add_number(out, "body", result.reply_body_bytes);
    return out + "}}";
}

}  // namespace hail::cli::rest
