// PageRule finds the next page of a list, and page_items() the items of a page: --paginate, --next, --page,
// --offset and --items.
//
// Shape:   URLs as http::make_url() builds them; items are spans of the body, in its order. Pure.
// Throws:  Error(usage) for an option that is not valid; Error(bad_reply) for a page that lacks what it
//          should contain, or that points to itself or to another origin.
// Source:  RFC 8288 (rel=next); hail-rest(1), PAGES.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.h"
#include "lib/json/path.h"

namespace hail::rest {

struct PageRule {
    enum class Kind {
        link,    // the Link header's rel=next
        next,    // a path in the body: a URL, or a cursor for `parameter`
        page,    // `parameter` counts pages, from its current value or 1
        offset,  // `parameter` counts items, from its current value or 0
    };
    Kind kind = Kind::link;
    std::string parameter;
    json::Path path;

    bool is_counted() const { return kind == Kind::page || kind == Kind::offset; }
};

// "PATH", or "PARAMETER=PATH" for a cursor.
PageRule parse_next(std::string_view text);

struct Page {
    enum class Place { first, later };
    std::string_view url;
    const http::ReplyHead* head = nullptr;
    std::string_view body;
};

// The URL of the next page; nothing after the last page.
std::optional<std::string> next_page(const PageRule& rule, const Page& page, std::size_t items);

json::Path parse_items_path(std::string_view text);

// The elements of the array at the path, with or without [] at its end; without a path, those of the body.
// Null is an empty list. An object without the list counts as one too, unless it is the first page and has
// other members, or a later page with an "error" or "errors".
std::vector<std::string_view> page_items(const std::optional<json::Path>& path, std::string_view body,
                                         Page::Place place = Page::Place::first);

// The URL with this parameter: it replaces the first one of that name, or else goes to the end.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

}  // namespace hail::rest
