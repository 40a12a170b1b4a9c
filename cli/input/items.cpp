#include "cli/input/items.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/field.h"
#include "lib/json/scan.h"

namespace hail::cli::input {

namespace {

struct Separator {
    std::string_view text;
    ItemKind kind;
    Item::Source source;
};

// Longest first.
constexpr std::array<Separator, 10> separators{{{":=@", ItemKind::json, Item::Source::file},
                                                {"==@", ItemKind::query, Item::Source::file},
                                                {"=@", ItemKind::text, Item::Source::file},
                                                {":@", ItemKind::header, Item::Source::file},
                                                {"==", ItemKind::query, Item::Source::typed},
                                                {":=", ItemKind::json, Item::Source::typed},
                                                {"=", ItemKind::text, Item::Source::typed},
                                                {":", ItemKind::header, Item::Source::typed},
                                                {"@", ItemKind::file, Item::Source::file},
                                                {";", ItemKind::header, Item::Source::typed}}};

bool is_special(char c) {
    return c == ':' || c == ';' || c == '=' || c == '@';
}

const Separator* separator_at(std::string_view text) {
    const auto* const found = std::find_if(separators.begin(), separators.end(),
                                           [&](const Separator& s) { return text.starts_with(s.text); });
    return found == separators.end() ? nullptr : found;
}

bool is_plain_in_brackets(const Separator& separator) {
    return separator.text == ":" || separator.text == ":@" || separator.text == "@" || separator.text == ";";
}

struct Split {
    const Separator* separator = nullptr;
    std::size_t at = 0;
};

Split split(std::string_view typed) {
    bool in_brackets = false;
    for (std::size_t at = 0; at < typed.size(); ++at) {
        const char c = typed[at];
        if (c == '\\') {
            ++at;
            continue;
        }
        in_brackets = c == '[' || (in_brackets && c != ']');
        const std::string_view rest = typed.substr(at);
        const Separator* const separator = separator_at(rest);
        const bool plain = separator != nullptr && in_brackets && is_plain_in_brackets(*separator) &&
                           (rest.find("]=") != rest.npos || rest.find("]:=") != rest.npos);
        if (separator != nullptr && !plain) {
            return {separator, at};
        }
    }
    return {};
}

// Removes the "\" before a separator's character; every other pair stays unchanged.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            if (!is_special(text[at + 1])) {
                out += '\\';
            }
            ++at;
        }
        out += text[at];
    }
    return out;
}

void check_header_name(const Item& item) {
    const auto wrong = std::find_if_not(item.key.begin(), item.key.end(), http::is_token_character);
    if (!item.key.empty() && wrong == item.key.end()) {
        return;
    }
    const auto offset = typed_offset(item, static_cast<std::size_t>(wrong - item.key.begin()));
    const std::size_t key_end = typed_key(item).size();
    reject_item(item, "'" + base::one_line(item.key) + "' is not a valid header name",
                "write ':' in the name of a field as '\\:', as in 'a\\:b=text'", {offset, offset + 1},
                key_end + 1);
}

void check_header_value(const Item& item) {
    if (item.value.find_first_of(std::string_view("\r\n\0", 3)) != item.value.npos) {
        reject_item(item, "the value of header '" + item.key + "' contains a line break or NUL",
                    "a header is one line; write each header as its own item");
    }
}

void check_json(const Item& item) {
    if (const auto problem = json::check(item.value)) {
        const bool from_file = item.source == Item::Source::file;
        const std::string what = from_file ? "the file of '" + base::one_line(item.typed) + "'"
                                           : "'" + base::one_line(item.typed) + "'";
        const std::string why = what + " is not JSON: " + json::describe(item.value, *problem);
        if (from_file) {
            reject_item(item, why, "to send its text as a string, write '=@'");
        }
        const std::string text = item.typed.substr(item.value_at);
        const std::string key(typed_key(item));
        const std::size_t at = std::min(item.value_at + problem->offset, item.typed.size());
        reject_item(item, why, "to send the text \"" + text + "\", write '" + key + "=" + text + "'",
                    {at, at + 1}, item.typed.size());
    }
}

// Takes ";type=" and ";filename=" off the end of a file's name, the last one first. Either may contain a ';'.
void take_file_suffixes(Item& item) {
    constexpr std::string_view type = ";type=";
    constexpr std::string_view name = ";filename=";
    while (true) {
        const std::size_t type_at = item.value.rfind(type);
        const std::size_t name_at = item.value.rfind(name);
        if (type_at == item.value.npos && name_at == item.value.npos) {
            return;
        }
        const bool is_type = name_at == item.value.npos || (type_at != item.value.npos && type_at > name_at);
        const std::size_t at = is_type ? type_at : name_at;
        (is_type ? item.media_type : item.upload_name) =
            item.value.substr(at + (is_type ? type.size() : name.size()));
        item.value.erase(at);
    }
}

void check_file_suffixes(const Item& item) {
    constexpr std::string_view line_ends("\r\n\0", 3);
    if (item.media_type.find_first_of(line_ends) != item.media_type.npos ||
        item.upload_name.find_first_of(line_ends) != item.upload_name.npos) {
        reject_item(item, "its type or file name contains a line break or NUL", "");
    }
    if (item.value.empty()) {
        reject_item(item, "'" + base::one_line(item.typed) + "' does not name a file",
                    "write the name of the file after '@', or '-' for stdin");
    }
}

// Checks a known value, whether it was typed or read from a file.
void check_value(Item& item) {
    switch (item.kind) {
        case ItemKind::header:
            item.value = base::trim(item.value);
            check_header_value(item);
            break;
        case ItemKind::json:
            check_json(item);
            break;
        case ItemKind::no_header:
        case ItemKind::query:
        case ItemKind::text:
        case ItemKind::file:
            break;
    }
}

void settle_header(Item& item, std::string_view separator) {
    check_header_name(item);
    if (separator == ";" && !item.value.empty()) {
        reject_item(
            item, "there is text after the ';' of '" + item.key + "'",
            "write '" + item.key + ";' for an empty header; write ';' in the name of a field as '\\;'",
            {item.value_at - 1, item.value_at}, item.value_at);
    }
    if (separator == ":" && base::trim(item.value).empty()) {
        item.kind = ItemKind::no_header;
    }
}

// The content of the item's file, or its path if the file is only sent.
std::string take_file(const Item& item, Files& files) {
    try {
        if (item.kind != ItemKind::file) {
            return files.read(item.value);
        }
        files.claim(item.value);
        return files.path(item.value);
    } catch (const base::Error& error) {
        reject_file_of("item " + std::to_string(item.number), error);
    }
}

void load_item(Item& item, Files& files) {
    item.value = take_file(item, files);
    if (item.kind == ItemKind::file) {
        return;
    }
    if (item.kind == ItemKind::header || item.kind == ItemKind::query) {
        item.value.erase(item.value.find_last_not_of('\n') + 1);
    }
    check_value(item);
    item.source = Item::Source::typed;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string_view typed_key(const Item& item) {
    return std::string_view(item.typed).substr(0, split(item.typed).at);
}

std::size_t typed_offset(const Item& item, std::size_t key_offset) {
    std::size_t at = 0;
    for (std::size_t passed = 0; passed < key_offset && at < item.typed.size(); ++passed, ++at) {
        if (item.typed[at] == '\\' && at + 1 < item.typed.size()) {
            const bool escape = is_special(item.typed[at + 1]);
            passed += escape ? 0 : 1;
            ++at;
        }
    }
    return at;
}

void reject_item(const Item& item, const std::string& what, const std::string& hint) {
    throw base::Error(base::Exit::usage, "item " + std::to_string(item.number) + ": " + what, hint);
}

void reject_item(const Item& item, const std::string& what, const std::string& hint, Mark mark,
                 std::size_t shown) {
    constexpr std::size_t most = 200;
    const std::string text = item.typed.substr(0, shown);
    std::string marked = hint;
    // If escapes or a cut moved the columns, the carets would point to the wrong place.
    if (base::one_line(text, most) == text && mark.begin <= text.size()) {
        const std::string under = text.substr(mark.begin, std::max(mark.end, mark.begin + 1) - mark.begin);
        marked += (marked.empty() ? "" : "\n      ") + text + "\n      ";
        marked += std::string(characters(text.substr(0, mark.begin)), ' ');
        marked += std::string(std::max<std::size_t>(characters(under), 1), '^');
    }
    reject_item(item, what, marked);
}

Item parse_item(std::string_view typed, std::size_t number) {
    Item item;
    item.typed = typed;
    item.number = number;
    const auto [separator, at] = split(typed);
    if (separator == nullptr) {
        reject_item(item, "'" + base::one_line(typed) + "' is not a request item",
                    "write name=text, name:=json, name==query, Name:header or name@file");
    }
    item.kind = separator->kind;
    item.source = separator->source;
    item.key = unescape(typed.substr(0, at));
    item.value_at = at + separator->text.size();
    item.value = unescape(typed.substr(item.value_at));
    if (item.kind == ItemKind::header) {
        settle_header(item, separator->text);
    }
    if (item.kind == ItemKind::file) {
        take_file_suffixes(item);
    }
    if (item.source == Item::Source::file) {
        check_file_suffixes(item);
    } else {
        check_value(item);
    }
    return item;
}

std::vector<Item> parse_items(std::span<const std::string> words) {
    std::vector<Item> items;
    items.reserve(words.size());
    for (const std::string& word : words) {
        items.push_back(parse_item(word, items.size() + 1));
    }
    return items;
}

void load_items(std::vector<Item>& items, Files& files) {
    for (Item& item : items) {
        if (item.source == Item::Source::file) {
            load_item(item, files);
        }
    }
}

}  // namespace hail::cli::input
