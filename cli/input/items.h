#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/files.h"

// Request items: HTTPie's grammar with its faults mended. parse_items() judges what can be judged from the words alone,
// load_items() reads the files that items embed; neither sends anything. What they make of a request: assemble.h.
//
//   Name:value   header           Name:@file       name=text   field        name=@file
//   Name:        drop the header  Name;  empty     name:=json  JSON field   name:=@file
//   name==value  query parameter  name==@file      name@file   file field   @file  the whole body
//
// The first separator from the left counts, the longest at that place. "\" before : ; = @ makes it plain; any other
// backslash stays. A ':', ';' or '@' inside [...] is plain if the item goes on with "]=" or "]:=".
//
// Shape:   numbers count from 1; header values are trimmed; JSON is checked and kept as typed.
// Throws:  Error(usage) with the item's number, the item, a caret and the mend; Error(no_input) for files.
//          The values of headers and the text of fields stand in no message.
// Source:  httpie.io/docs (request items); RFC 9110 5.1, 5.5 (names and values); hail-rest(1), ITEMS.

namespace hail::cli::input {

enum class ItemKind { header, no_header, query, text, json, file };

struct Item {
    enum class Source { typed, file };

    ItemKind kind = ItemKind::text;
    Source source = Source::typed;  // file: value names the file until load_items()
    std::string key;                // separators unescaped; a path where a JSON body is built
    std::string value;
    std::string media_type;   // of ;type= behind a file field
    std::string upload_name;  // of ;filename= behind a file field
    std::string typed;
    std::size_t number = 0;
    std::size_t value_at = 0;  // where the value begins in typed
};

Item parse_item(std::string_view typed, std::size_t number);
std::vector<Item> parse_items(std::span<const std::string> words);

// Reads what headers, queries and fields embed, and makes sure that files to send can be opened.
void load_items(std::vector<Item>& items, Files& files);

// A stretch of an item as it was typed, to be marked by carets.
struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Throws the usage error "item 3: WHAT", with the mend and, when the item may be shown, the item up to `shown` bytes and
// carets under the mark as its hint.
[[noreturn]] void refuse(const Item& item, const std::string& what, const std::string& mend);
[[noreturn]] void refuse(const Item& item, const std::string& what, const std::string& mend, Mark mark,
                         std::size_t shown);

// The item's key as it was typed, with its escapes.
std::string_view typed_key(const Item& item);

// Where the byte of the key stands in the item as typed.
std::size_t typed_offset(const Item& item, std::size_t key_offset);

}  // namespace hail::cli::input
