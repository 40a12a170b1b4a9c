#include "lib/rest/page_rule.h"

#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "lib/http/resolve.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

// For every page, the next page is another valid URL of the same origin, or there is none, or it is rejected.
// The items are JSON from the body.
//
// Shape:   the input is the path or Link header on the first line, the query of the page's URL on the second,
//          and the body after them.

using namespace hail;
using rest::Page;
using rest::PageRule;

namespace {

std::string take_line(std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    return line;
}

// The origin of a URL that make_url() built.
std::string sendable(std::string text) {
    std::erase_if(text, [](char c) { return c <= ' ' || c == '#' || static_cast<unsigned char>(c) > 126; });
    return text;
}

void check_next(const PageRule& rule, const Page& page) {
    const auto next = rest::next_page(rule, page, 2);
    if (next) {
        require(http::same_origin(*next, page.url) && *next != page.url);
        require(next->find_first_of(std::string_view(" \t\r\n\0", 5)) == next->npos);
    }
}

void check_items(const std::string& typed, std::string_view body) {
    const auto path = typed.empty() ? std::nullopt : std::optional(rest::parse_items_path(typed));
    for (const std::string_view item : rest::page_items(path, body)) {
        require(item.data() >= body.data() && item.data() + item.size() <= body.data() + body.size());
        require(!json::check(item, json::Encoding::any));
    }
}

// One rule may accept input that another one rejects.
template <typename Check>
void tolerate(const Check& check) {
    try {
        check();
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage || error.exit() == base::Exit::bad_reply);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(data, data + size);
    const std::string path = take_line(text);
    const std::string url = "http://h/list?" + sendable(take_line(text));
    http::ReplyHead head;
    head.add_line("HTTP/1.1 200 OK");
    head.add_line("Link: " + path);
    const Page page{url, &head, text};
    tolerate([&] { check_next({.kind = PageRule::Kind::link, .parameter = {}, .path = {}}, page); });
    tolerate([&] { check_next(rest::parse_next(path), page); });
    tolerate([&] { check_next({.kind = PageRule::Kind::page, .parameter = "p", .path = {}}, page); });
    tolerate([&] { check_next({.kind = PageRule::Kind::offset, .parameter = path, .path = {}}, page); });
    tolerate([&] { check_items(path, text); });
    return 0;
}
