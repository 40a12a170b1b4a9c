#include "cli/rest/envelope.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/output/json_object.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using output::JsonObject;

// A head that is not UTF-8 is read as ISO 8859-1: RFC 9110 5.5.
std::string as_utf8(std::string_view text) {
    return base::is_utf8(text) ? std::string(text) : base::utf8_of_latin1(text);
}

using Lines = std::pair<std::string, std::vector<std::string>>;

// The lines of each name, in the order in which the names first occur.
std::vector<Lines> lines_by_name(const http::ReplyHead& head) {
    std::vector<Lines> all;
    for (const auto& field : head.fields()) {
        std::string name = base::lower(as_utf8(field.name));
        const auto known =
            std::find_if(all.begin(), all.end(), [&](const Lines& lines) { return lines.first == name; });
        Lines& lines =
            known == all.end() ? all.emplace_back(std::move(name), std::vector<std::string>()) : *known;
        lines.second.push_back(as_utf8(field.value));
    }
    return all;
}

JsonObject headers(const http::ReplyHead& head) {
    JsonObject object;
    for (const auto& [name, values] : lines_by_name(head)) {
        if (name == "set-cookie") {
            object.texts(name, values);
        } else {
            object.text(name, base::join(values, ", "));
        }
    }
    return object;
}

// A body of another type than JSON is text, even if it reads as JSON.
bool is_json_body(const http::ReplyHead& head, std::string_view body) {
    const std::string type = base::lower(head.find("Content-Type").value_or(""));
    return (type.empty() || type.find("json") != type.npos) &&
           json::is_json(base::without_byte_order_mark(body));
}

void add_body(JsonObject& object, const http::ReplyHead& head, std::string_view body) {
    if (body.empty()) {
        return;
    }
    if (is_json_body(head, body)) {
        std::string compact;
        json::append_compact(compact, json::trim(base::without_byte_order_mark(body)));
        object.json("body", compact);
    } else if (base::is_utf8(body)) {
        object.text("body_text", body);
    } else {
        object.text("body_base64", base::base64(body));
    }
}

double milliseconds(http::Timings::Microseconds time) {
    return static_cast<double>(time.count()) / 1000;
}

JsonObject times(const http::Timings& times) {
    JsonObject object;
    object.number("name", milliseconds(times.name));
    object.number("connected", milliseconds(times.connected));
    object.number("tls", milliseconds(times.tls));
    object.number("ready", milliseconds(times.ready));
    object.number("first_byte", milliseconds(times.first_byte));
    object.number("total", milliseconds(times.total));
    return object;
}

JsonObject sizes(const http::Result& result) {
    JsonObject object;
    object.number("sent", result.request_bytes);
    object.number("head", result.reply_head_bytes);
    object.number("body", result.reply_body_bytes);
    return object;
}

}  // namespace

std::string envelope(std::string_view url, const http::Result& result, std::string_view body) {
    JsonObject object;
    object.text("url", as_utf8(url));
    object.number("status", static_cast<std::uint64_t>(result.head.status()));
    object.text("reason", as_utf8(result.head.reason()));
    object.text("version", as_utf8(result.head.version()));
    object.object("headers", headers(result.head));
    add_body(object, result.head, body);
    object.object("milliseconds", times(result.timings));
    object.text("remote", as_utf8(result.remote));
    object.object("bytes", sizes(result));
    return object.str();
}

}  // namespace hail::cli::rest
