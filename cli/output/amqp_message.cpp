#include "cli/output/amqp_message.h"

#include <algorithm>
#include <span>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::cli::output {

namespace {

using pubsub::Field;

std::string_view value_named(std::span<const Field> fields, std::string_view name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    return found == fields.end() ? std::string_view() : found->value;
}

void append_header_value(std::string& out, const Field& header) {
    if (header.kind == Field::Kind::json) {
        out += header.value;
    } else if (base::is_utf8(header.value)) {
        json::append_quoted(out, header.value);
    } else {
        out += "{\"base64\":\"" + base::base64(header.value) + "\"}";
    }
}

void append_headers(std::string& out, std::span<const Field> headers) {
    const bool names_are_text = std::all_of(headers.begin(), headers.end(),
                                            [](const Field& header) { return base::is_utf8(header.name); });
    out += names_are_text ? "\"headers\":" : "\"headers_base64\":";
    char before = names_are_text ? '{' : '[';
    for (const Field& header : headers) {
        out += before;
        before = ',';
        if (names_are_text) {
            json::append_quoted(out, header.name);
        } else {
            out += '"' + base::base64(header.name) + '"';
        }
        out += names_are_text ? ':' : ',';
        append_header_value(out, header);
    }
    out += names_are_text ? '}' : ']';
}

// They come in the order of the protocol, in which the headers have the third place.
void append_properties(std::string& out, const pubsub::Message& message) {
    out += ",\"properties\":{";
    const std::size_t begin = out.size();
    bool headers_due = !message.fields.empty();
    const auto headers = [&] {
        if (headers_due) {
            out += ',';
            append_headers(out, message.fields);
            headers_due = false;
        }
    };
    for (const Field& property : message.properties) {
        if (!property.name.starts_with("content_")) {
            headers();
        }
        if (property.kind == Field::Kind::json) {
            out += ",\"";
            out += property.name;
            out += "\":";
            out += property.value;
        } else {
            append_text_member(out, property.name, property.value);
        }
    }
    headers();
    out.erase(begin, 1);  // the comma before the first member
    out += '}';
}

}  // namespace

void append_text_member(std::string& out, std::string_view name, std::string_view value) {
    const bool text = base::is_utf8(value);
    out += ",\"";
    out += name;
    out += text ? "\":" : "_base64\":\"";
    if (text) {
        json::append_quoted(out, value);
    } else {
        out += base::base64(value);
        out += '"';
    }
}

void append_amqp_members(std::string& out, const pubsub::Message& message) {
    append_text_member(out, "exchange", message.exchange.value_or(""));
    append_text_member(out, "routing_key", message.routing_key.value_or(""));
    if (message.queue) {
        append_text_member(out, "queue", *message.queue);
    }
    if (message.redelivered) {
        out += ",\"redelivered\":true";
    }
    if (message.offset) {
        out += ",\"offset\":" + std::to_string(*message.offset);
    }
    if (!message.properties.empty() || !message.fields.empty()) {
        append_properties(out, message);
    }
}

std::string_view header_of(const pubsub::Message& message, std::string_view name) {
    return value_named(message.fields, name);
}

std::string_view property_of(const pubsub::Message& message, std::string_view name) {
    return value_named(message.properties, name);
}

std::string_view id_of(const pubsub::Message& message) {
    return message.id.value_or(property_of(message, "message_id"));
}

std::optional<std::string> variable_of(std::string_view header) {
    std::string name(header);
    std::replace(name.begin(), name.end(), '-', '_');
    const bool safe = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return base::is_alphanumeric(c) || c == '_';
    });
    return safe ? std::optional(name) : std::nullopt;
}

}  // namespace hail::cli::output
