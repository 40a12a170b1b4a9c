// Request items: HTTPie's grammar without its faults. parse_items() checks everything that the words alone
// show, load_items() reads the files that items embed; neither sends anything. assemble.h makes a request of
// them.
//
//   Name:value   header           Name:@file       name=text   field        name=@file
//   Name:        drop the header  Name;  empty     name:=json  JSON field   name:=@file
//   name==value  query parameter  name==@file      name@file   file field   @file  the whole body
//
// The first separator from the left counts; if several match there, the longest counts. "\" makes a following
// : ; = or @ an ordinary character; any other backslash stays. A ':', ';' or '@' inside [...] is an ordinary
// character if "]=" or "]:=" comes later in the item.
//
// Shape:   numbers count from 1; header values are trimmed; JSON is checked and kept as typed.
// Throws:  Error(usage) with the item's number, the item, a caret and a hint; Error(no_input) for files. No
//          message shows the value of a header or the text of a field.
// Source:  httpie.io/docs (request items); RFC 9110 5.1, 5.5 (names and values); hail-rest(1), ITEMS.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/files.h"

namespace hail::cli::input {

enum class ItemKind { header, no_header, query, text, json, file };

struct Item {
    enum class Source { typed, file };

    ItemKind kind = ItemKind::text;
    Source source = Source::typed;  // file: value names the file until load_items()
    std::string key;                // separators unescaped; a path if the body is JSON
    std::string value;
    std::string media_type;   // from ;type= after a file field
    std::string upload_name;  // from ;filename= after a file field
    std::string typed;
    std::size_t number = 0;
    std::size_t value_at = 0;  // the offset of the value in `typed`
};

Item parse_item(std::string_view typed, std::size_t number);
std::vector<Item> parse_items(std::span<const std::string> words);

// Reads the files that headers, queries and fields embed, and checks that the files to send can be opened.
void load_items(std::vector<Item>& items, Files& files);

// The part of an item, as it was typed, that carets mark.
struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Throws the usage error "item 3: WHAT" with a hint. If the item may be shown, the hint also has its first
// `shown` bytes, with carets under the mark.
[[noreturn]] void reject_item(const Item& item, const std::string& what, const std::string& hint);
[[noreturn]] void reject_item(const Item& item, const std::string& what, const std::string& hint, Mark mark,
                              std::size_t shown);

// The item's key as it was typed, with its escapes.
std::string_view typed_key(const Item& item);

// The offset of a byte of the key in the item as it was typed.
std::size_t typed_offset(const Item& item, std::size_t key_offset);

}  // namespace hail::cli::input
