// Where the next page of a list is, and what stands on a page: --paginate, --next, --page, --offset, --items.
//
// Shape:   URLs as http::make_url() builds them; items are spans of the body, in its order. Pure.
// Throws:  Error(usage) for what is typed wrong, Error(bad_reply) for a page that does not say what it
//          should, that points to itself or to another origin.
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
        page,    // `parameter` counts pages, from what it is now or 1
        offset,  // `parameter` counts items, from what it is now or 0
    };
    Kind kind = Kind::link;
    std::string parameter;
    json::Path path;
};

// "PATH", or "PARAMETER=PATH" for a cursor.
PageRule parse_next(std::string_view text);

struct Page {
    std::string_view url;
    const http::ReplyHead* head = nullptr;
    std::string_view body;
};

// None: this was the last one.
std::optional<std::string> next_page(const PageRule& rule, const Page& page, std::size_t items);

json::Path parse_items_path(std::string_view text);

// The elements of the array at the path, which may end in [] or not; without a path, of the body itself.
std::vector<std::string_view> page_items(const std::optional<json::Path>& path, std::string_view body);

// The URL with this parameter: in the place of the first of that name, else at the end.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

}  // namespace hail::rest
