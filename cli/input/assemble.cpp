#include "cli/input/assemble.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/input/headers.h"
#include "lib/base/text.h"
#include "lib/json/build.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

struct MediaType {
    std::string_view suffix;
    std::string_view type;
};

constexpr std::array<MediaType, 18> media_types{{{".json", "application/json"},
                                                 {".ndjson", "application/x-ndjson"},
                                                 {".xml", "application/xml"},
                                                 {".yaml", "application/yaml"},
                                                 {".yml", "application/yaml"},
                                                 {".pdf", "application/pdf"},
                                                 {".zip", "application/zip"},
                                                 {".gz", "application/gzip"},
                                                 {".js", "text/javascript"},
                                                 {".txt", "text/plain"},
                                                 {".csv", "text/csv"},
                                                 {".html", "text/html"},
                                                 {".md", "text/markdown"},
                                                 {".png", "image/png"},
                                                 {".jpg", "image/jpeg"},
                                                 {".jpeg", "image/jpeg"},
                                                 {".gif", "image/gif"},
                                                 {".svg", "image/svg+xml"}}};

std::string media_type_of(const Item& item, std::string_view otherwise) {
    if (!item.media_type.empty()) {
        return item.media_type;
    }
    const std::string path = base::lower(item.value);
    const auto* const found = std::find_if(media_types.begin(), media_types.end(),
                                           [&](const MediaType& m) { return path.ends_with(m.suffix); });
    return std::string(found == media_types.end() ? otherwise : found->type);
}

std::string in_quotes(std::string_view text) {
    return "'" + base::one_line(text) + "'";
}

// The message marks the place in the key as it was typed, and does not show the item's value.
void check_path(const Item& item, const std::optional<json::PathProblem>& problem) {
    if (problem) {
        const std::size_t key_end = typed_key(item).size();
        const std::size_t begin = std::min(typed_offset(item, problem->begin), key_end);
        const std::size_t end = std::min(typed_offset(item, problem->end), key_end);
        reject_item(item, in_quotes(typed_key(item)) + ": " + problem->what, problem->mend, {begin, end},
                    key_end);
    }
}

std::string json_value(const Item& item) {
    const bool is_text = item.kind != ItemKind::json;
    if (!base::is_utf8(item.key) || (is_text && !base::is_utf8(item.value))) {
        reject_item(item,
                    in_quotes(typed_key(item)) + " is not UTF-8, and a JSON string cannot hold other bytes",
                    "send the bytes with --form, or encode them as base64");
    }
    if (!is_text) {
        return item.value;
    }
    return json::quote(item.value);
}

// A JSON value as a form shows it: strings without quotes, null as nothing.
std::string form_value(const Item& item) {
    if (item.kind != ItemKind::json) {
        return item.value;
    }
    const std::string_view value = json::trim(item.value);
    switch (json::kind(value)) {
        case json::Kind::object:
        case json::Kind::array:
            reject_item(item,
                        in_quotes(typed_key(item)) + " is " +
                            std::string(json::name_with_article(json::kind(value))) +
                            ", which a form cannot hold",
                        "to send its text, write '" + std::string(typed_key(item)) + "=...'");
        case json::Kind::null:
            return "";
        case json::Kind::string:
            return json::unquote(value);
        case json::Kind::number:
        case json::Kind::boolean:
            break;
    }
    return std::string(value);
}

void take_file_body(RequestParts& parts, const Item& item) {
    if (!item.key.empty()) {
        reject_item(
            item, in_quotes(item.typed) + " is a file field, which a JSON body cannot hold",
            "use --form, or send the file as the whole body with '@" + base::one_line(item.value) + "'");
    }
    if (!parts.file.empty()) {
        reject_item(item, "the body is already given by '@" + base::one_line(parts.file) + "'",
                    "use only one '@file'");
    }
    parts.file = item.value;
    parts.file_media_type = media_type_of(item, "application/json");
    parts.body = RequestParts::Body::file;
}

void assemble_json(RequestParts& parts, const std::vector<const Item*>& body) {
    json::Builder builder;
    for (const Item* const item : body) {
        if (item->kind == ItemKind::file) {
            take_file_body(parts, *item);
            continue;
        }
        const json::ParsedPath parsed = json::parse_path(item->key);
        check_path(*item, parsed.problem);
        check_path(*item, builder.set(parsed.path, json_value(*item)));
    }
    if (builder.empty()) {
        return;
    }
    if (parts.body == RequestParts::Body::file) {
        reject_item(*body.back(), "the body is given by '@" + base::one_line(parts.file) + "' and by fields",
                    "use only one of them");
    }
    parts.json = builder.text();
    parts.body = RequestParts::Body::json;
}

Part part_of(const Item& item) {
    Part part;
    part.name = item.key;
    if (item.kind != ItemKind::file) {
        part.value = form_value(item);
        return part;
    }
    if (item.key.empty()) {
        reject_item(item, in_quotes(item.typed) + " is a file field without a name",
                    "write name" + base::one_line(item.typed));
    }
    part.path = item.value;
    part.media_type = media_type_of(item, "");
    const std::string own_name = item.value == "-" ? "stdin" : item.value.substr(item.value.rfind('/') + 1);
    part.upload_name = item.upload_name.empty() ? own_name : item.upload_name;
    return part;
}

void assemble_form(RequestParts& parts, const std::vector<const Item*>& body, BodyMode mode) {
    const bool files =
        std::any_of(body.begin(), body.end(), [](const Item* item) { return item->kind == ItemKind::file; });
    if (mode == BodyMode::form && !files) {
        for (const Item* const item : body) {
            parts.form.push_back({item->key, form_value(*item)});
        }
        parts.body = RequestParts::Body::form;
        return;
    }
    for (const Item* const item : body) {
        parts.parts.push_back(part_of(*item));
    }
    parts.body = RequestParts::Body::multipart;
}

}  // namespace

void HeaderItems::add(http::Header line) {
    std::erase_if(dropped,
                  [&](const std::string& name) { return base::equal_ignoring_case(name, line.name); });
    lines.push_back(std::move(line));
}

void HeaderItems::drop(const std::string& name) {
    std::erase_if(lines,
                  [&](const http::Header& line) { return base::equal_ignoring_case(line.name, name); });
    dropped.push_back(name);
}

RequestParts assemble(const std::vector<Item>& items, BodyMode mode) {
    RequestParts parts;
    std::vector<const Item*> body;
    for (const Item& item : items) {
        switch (item.kind) {
            case ItemKind::header:
                parts.headers.add({item.key, item.value});
                break;
            case ItemKind::no_header:
                parts.headers.drop(item.key);
                break;
            case ItemKind::query:
                parts.query.push_back({item.key, item.value});
                break;
            case ItemKind::text:
            case ItemKind::json:
            case ItemKind::file:
                body.push_back(&item);
                break;
        }
    }
    if (body.empty()) {
        return parts;
    }
    if (mode == BodyMode::json) {
        assemble_json(parts, body);
    } else {
        assemble_form(parts, body, mode);
    }
    return parts;
}

}  // namespace hail::cli::input
