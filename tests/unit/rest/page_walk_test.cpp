#include "lib/rest/page_walk.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "lib/base/error.h"
#include "lib/http/message.h"

using namespace hail;
using namespace hail::rest;

namespace {

struct Answer {
    std::string status = "200 OK";
    std::string body;
};

// A service that answers each URL with its page.
Send serving(std::map<std::string, Answer> pages) {
    return
        [pages = std::move(pages)](const http::Request& request, http::Receiver& receiver, base::Deadline) {
            http::CallResult call;
            call.request = request;
            const Answer& answer = pages.at(request.url);
            call.result.head.add_line("HTTP/1.1 " + answer.status + "\r\n");
            receiver.head(call.result.head);
            receiver.body(answer.body);
            return call;
        };
}

http::Request get(const std::string& url) {
    http::Request request;
    request.url = url;
    return request;
}

// The elements of all pages, a space after each; then the end.
std::string walk(Send send, WalkOptions options, const Terms& terms = {}) {
    options.items = json::require_path("path", "items");
    PageWalk pages(std::move(send), get("http://h/list?page=1"), std::move(options), terms);
    std::string all;
    try {
        while (pages.next()) {
            for (const std::string_view item : pages.items()) {
                all += std::string(item) + " ";
            }
        }
    } catch (const base::Error& error) {
        return all + "after page " + std::to_string(pages.pages()) + ": " + error.what();
    }
    return pages.left_out() ? all + "then " + *pages.left_out() : all;
}

WalkOptions counted(std::uint64_t most = 0) {
    return {.rule = PageRule{.kind = PageRule::Kind::page, .parameter = "page", .path = {}},
            .items = {},
            .most_pages = most};
}

WalkOptions linked() {
    return {.rule = parse_next("next"), .items = {}, .most_pages = 0};
}

const std::map<std::string, Answer> two_pages{{"http://h/list?page=1", {.body = R"({"items":[1,2]})"}},
                                              {"http://h/list?page=2", {.body = R"({"items":[3]})"}},
                                              {"http://h/list?page=3", {.body = R"({"items":[]})"}}};

}  // namespace

TEST_CASE("page walk: pages follow one another until one is empty") {
    CHECK(walk(serving(two_pages), counted()) == "1 2 3 ");
    CHECK(walk(serving(two_pages), {}) == "1 2 ");
}

TEST_CASE("page walk: at the limit, the next page is named") {
    CHECK(walk(serving(two_pages), counted(1)) == "1 2 then http://h/list?page=2");
}

TEST_CASE("page walk: a later page must be a success, or the list would look complete") {
    auto pages = two_pages;
    pages["http://h/list?page=2"].status = "500 Oops";
    Terms any;
    any.any_status = true;
    CHECK(walk(serving(pages), counted(), any) == "1 2 after page 1: GET http://h/list?page=2: 500 Oops");
}

TEST_CASE("page walk: a page that was already fetched ends the walk") {
    CHECK(walk(serving({{"http://h/list?page=1", {.body = R"({"items":[1],"next":"/b"})"}},
                        {"http://h/b", {.body = R"({"items":[2],"next":"/list?page=1"})"}}}),
               linked()) ==
          "1 2 after page 2: reading the page http://h/b: its next page was already fetched");
}

TEST_CASE("page walk: a page that equals the one before it ends the walk") {
    const std::map<std::string, Answer> pages{{"http://h/list?page=1", {.body = R"({"items":[1]})"}},
                                              {"http://h/list?page=2", {.body = R"({"items":[1]})"}}};
    CHECK(walk(serving(pages), counted()) ==
          "1 after page 1: reading the page http://h/list?page=2: it is the same as the page before");
}

TEST_CASE("page walk: without a typed limit a list that is too long is an error") {
    WalkOptions options = counted(1);
    options.at_limit = WalkOptions::AtLimit::fail;
    CHECK(walk(serving(two_pages), options) ==
          "1 2 after page 1: reading the page http://h/list?page=1: more pages follow after 1");
}
