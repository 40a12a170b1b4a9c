#include "lib/rest/page_rule.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/link.h"
#include "lib/http/resolve.h"
#include "lib/http/url.h"
#include "lib/json/pick.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

[[noreturn]] void reject_page(std::string_view url, const std::string& why, const std::string& hint = {}) {
    throw Error(Exit::bad_reply, "reading the page " + base::one_line(url) + ": " + why, hint);
}

// The first '=' outside of brackets.
std::size_t find_equals(std::string_view text) {
    bool inside = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '[' || text[at] == ']') {
            inside = text[at] == '[';
        } else if (text[at] == '=' && !inside) {
            return at;
        }
    }
    return text.npos;
}

void check_json(const Page& page) {
    if (const auto problem = json::check(page.body, json::Encoding::any)) {
        reject_page(page.url, "it is not JSON: " + json::describe(page.body, *problem));
    }
}

// --- parameters of a query --------------------------------------------------------------------------------

struct Query {
    std::size_t begin = 0;  // after the '?', or the end of the URL
    std::string_view text;
};

Query query_of(std::string_view url) {
    const std::size_t mark = url.find('?');
    const std::size_t begin = mark == url.npos ? url.size() : mark + 1;
    return {begin, url.substr(begin)};
}

std::string form_decode(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return base::percent_decode(spaced).value_or(spaced);
}

struct Place {
    std::size_t begin = 0;  // of "name=value" in the URL
    std::size_t end = 0;
    std::string_view value;
};

std::optional<Place> find_parameter(std::string_view url, std::string_view name) {
    const Query query = query_of(url);
    std::size_t begin = query.begin;
    while (begin < url.size()) {
        const std::size_t end = std::min(url.find('&', begin), url.size());
        const std::string_view pair = url.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (form_decode(pair.substr(0, equals)) == name) {
            return Place{begin, end, pair.substr(std::min(equals + 1, pair.size()))};
        }
        begin = end + 1;
    }
    return std::nullopt;
}

std::uint64_t count_in(std::string_view url, std::string_view name, std::uint64_t otherwise) {
    const auto place = find_parameter(url, name);
    if (!place) {
        return otherwise;
    }
    const auto number = base::parse_number(form_decode(place->value));
    if (!number) {
        throw Error(Exit::usage, "counting pages: parameter '" + base::one_line(name, 60) + "' is '" +
                                     base::one_line(place->value, 60) + "', not a number");
    }
    return *number;
}

// --- the next page ----------------------------------------------------------------------------------------

// The value at the path, as text; nothing if the value means "no more pages".
std::optional<std::string> cursor_of(const PageRule& rule, const Page& page) {
    check_json(page);
    const auto found = json::pick(page.body, rule.path);
    if (found.size() > 1) {
        reject_page(page.url, "path '" + base::one_line(rule.path.text) + "' picks several values");
    }
    if (found.empty()) {
        return std::nullopt;
    }
    switch (json::kind(found.front())) {
        case json::Kind::string: {
            std::string text = json::unquote(found.front());
            return text.empty() ? std::nullopt : std::optional(std::move(text));
        }
        case json::Kind::number:
            if (rule.parameter.empty()) {
                reject_page(page.url, "'" + base::one_line(rule.path.text) + "' is a number, not a URL",
                            "use --next PARAMETER=" + rule.path.text + " to put it into the query");
            }
            return std::string(found.front());
        case json::Kind::null:
            return std::nullopt;
        case json::Kind::boolean:
            if (found.front() == "false") {
                return std::nullopt;
            }
            break;
        default:
            break;
    }
    reject_page(page.url, "'" + base::one_line(rule.path.text) + "' is " +
                              std::string(json::name_with_article(json::kind(found.front()))) +
                              ", not a next page");
}

std::optional<std::string> target_of(const PageRule& rule, const Page& page, std::size_t items) {
    switch (rule.kind) {
        case PageRule::Kind::link: {
            const auto target = http::find_link(*page.head, "next");
            return target ? std::optional(http::resolve(page.url, *target)) : std::nullopt;
        }
        case PageRule::Kind::next: {
            const auto cursor = cursor_of(rule, page);
            if (!cursor) {
                return std::nullopt;
            }
            return rule.parameter.empty() ? http::resolve(page.url, *cursor)
                                          : with_parameter(page.url, rule.parameter, *cursor);
        }
        case PageRule::Kind::page:
            if (items > 0) {
                return with_parameter(page.url, rule.parameter,
                                      std::to_string(count_in(page.url, rule.parameter, 1) + 1));
            }
            break;
        case PageRule::Kind::offset:
            if (items > 0) {
                return with_parameter(page.url, rule.parameter,
                                      std::to_string(count_in(page.url, rule.parameter, 0) + items));
            }
            break;
    }
    return std::nullopt;
}

}  // namespace

PageRule parse_next(std::string_view text) {
    PageRule rule;
    rule.kind = PageRule::Kind::next;
    const std::size_t equals = find_equals(text);
    if (equals == 0) {
        throw Error(Exit::usage,
                    "option --next: '" + base::one_line(text) + "' has no parameter name before '='",
                    "such as cursor=meta[next], or links[next] for a path to a URL");
    }
    if (equals != text.npos) {
        rule.parameter = text.substr(0, equals);
        text.remove_prefix(equals + 1);
    }
    rule.path = json::require_path("option --next", text);
    return rule;
}

std::optional<std::string> next_page(const PageRule& rule, const Page& page, std::size_t items) {
    auto target = target_of(rule, page, items);
    if (!target) {
        return std::nullopt;
    }
    if (!http::same_origin(page.url, *target)) {
        reject_page(page.url, "the next page is at another origin, " + std::string(http::origin(*target)),
                    "hail follows pages only within one origin, to protect the secrets in the request");
    }
    if (*target == page.url) {
        reject_page(page.url, "it names itself as the next page");
    }
    return target;
}

json::Path parse_items_path(std::string_view text) {
    json::Path path = json::require_path("option --items", text);
    if (path.segments.back().kind == json::Segment::Kind::append) {
        path.segments.pop_back();
    }
    return path;
}

namespace {

// Whether a page without its list is an empty one: some services leave empty lists out.
bool leaves_list_out(std::string_view body, Page::Place place) {
    if (json::kind(body) != json::Kind::object) {
        return false;
    }
    return place == Page::Place::first
               ? !json::Members(json::trim(body)).next()
               : !json::member(json::trim(body), "error") && !json::member(json::trim(body), "errors");
}

}  // namespace

std::vector<std::string_view> page_items(const std::optional<json::Path>& path, std::string_view body,
                                         Page::Place place) {
    const std::string where = path ? "'" + base::one_line(path->text) + "'" : "the body";
    if (const auto problem = json::check(body, json::Encoding::any)) {
        throw Error(Exit::bad_reply,
                    "reading the items: the page is not JSON: " + json::describe(body, *problem));
    }
    const std::vector<std::string_view> arrays =
        path ? json::pick(body, *path) : json::pick(body, json::Path());
    if (arrays.empty() && !leaves_list_out(body, place)) {
        throw Error(Exit::bad_reply, "reading the items: the page has no " + where,
                    path->text.empty() ? "use --items '[]' for the elements of the body itself" : "");
    }
    std::vector<std::string_view> items;
    for (const std::string_view array : arrays) {
        if (json::kind(array) == json::Kind::null) {
            continue;
        }
        if (json::kind(array) != json::Kind::array) {
            throw Error(Exit::bad_reply,
                        "reading the items: " + where + " is " +
                            std::string(json::name_with_article(json::kind(array))) + ", not an array",
                        path ? "" : "give the path of the array with --items PATH");
        }
        for (json::Elements elements(array); elements.next();) {
            items.push_back(elements.value());
        }
    }
    return items;
}

std::string with_parameter(std::string_view url, std::string_view name, std::string_view value) {
    const std::string pair = http::form_encode({{std::string(name), std::string(value)}});
    if (const auto place = find_parameter(url, name)) {
        return std::string(url.substr(0, place->begin)) + pair + std::string(url.substr(place->end));
    }
    const bool any = url.find('?') != url.npos;
    const bool open = !any || url.back() == '?' || url.back() == '&';
    return std::string(url) + (any ? "" : "?") + (open ? "" : "&") + pair;
}

}  // namespace hail::rest
