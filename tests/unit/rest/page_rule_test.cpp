#include "lib/rest/page_rule.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"

using namespace hail;
using namespace hail::rest;
using Kind = PageRule::Kind;

namespace {

constexpr std::string_view here = "https://h/list?per=2";

std::string next(const PageRule& rule, std::string_view body, std::string_view url = here,
                 std::size_t items = 2, std::string_view link = "") {
    http::ReplyHead head;
    head.add_line("HTTP/1.1 200 OK");
    if (!link.empty()) {
        head.add_line("Link: " + std::string(link));
    }
    try {
        return next_page(rule, {url, &head, body}, items).value_or("none");
    } catch (const base::Error& error) {
        return error.what();
    }
}

PageRule counting(Kind kind, std::string parameter) {
    PageRule rule;
    rule.kind = kind;
    rule.parameter = std::move(parameter);
    return rule;
}

std::string items(std::string_view path, std::string_view body, Page::Place place = Page::Place::first) {
    std::string out;
    try {
        const auto parsed = path.empty() ? std::optional<json::Path>() : parse_items_path(path);
        for (const std::string_view item : page_items(parsed, body, place)) {
            out += std::string(item) + ";";
        }
    } catch (const base::Error& error) {
        return error.what();
    }
    return out;
}

}  // namespace

TEST_CASE("pages: a Link with rel=next leads to the next page") {
    CHECK(next({}, "", here, 0, "</list?per=2&p=2>; rel=\"next\", <x>; rel=last") ==
          "https://h/list?per=2&p=2");
    CHECK(next({}, "", here, 0, "<x>; rel=last") == "none");
    CHECK(next({}, "") == "none");
}

TEST_CASE("pages: a path in the body is a URL") {
    const PageRule rule = parse_next("links[next]");
    CHECK(next(rule, R"({"links":{"next":"?p=2"}})") == "https://h/list?p=2");
    CHECK(next(rule, R"({"links":{"next":"https://h/other"}})") == "https://h/other");
    CHECK(next(rule, R"({"links":{"next":null}})") == "none");
    CHECK(next(rule, R"({"links":{"next":""}})") == "none");
    CHECK(next(rule, R"({"links":{"next":false}})") == "none");
    CHECK(next(rule, R"({"links":{}})") == "none");
    CHECK(next(rule, R"({"links":{"next":{}}})").find("is an object, not a next page") != std::string::npos);
    CHECK(next(rule, "<html>").find("it is not JSON") != std::string::npos);
}

TEST_CASE("pages: a path in the body is a cursor when a parameter is named") {
    const PageRule rule = parse_next("after=meta[cursor]");
    CHECK(next(rule, R"({"meta":{"cursor":"a b&c"}})") == "https://h/list?per=2&after=a+b%26c");
    CHECK(next(rule, R"({"meta":{"cursor":17}})", "https://h/list?after=3&per=2") ==
          "https://h/list?after=17&per=2");
    CHECK_THROWS_AS(parse_next("=x"), base::Error);
    CHECK_THROWS_AS(parse_next("a[b"), base::Error);
}

TEST_CASE("pages: pages and offsets count up from their current value until a page is empty") {
    CHECK(next(counting(Kind::page, "page"), "") == "https://h/list?per=2&page=2");
    CHECK(next(counting(Kind::page, "page"), "", "https://h/list?page=7") == "https://h/list?page=8");
    CHECK(next(counting(Kind::page, "page"), "", here, 0) == "none");
    CHECK(next(counting(Kind::offset, "from"), "", here, 50) == "https://h/list?per=2&from=50");
    CHECK(next(counting(Kind::offset, "from"), "", "https://h/list?from=50", 13) == "https://h/list?from=63");
    CHECK(next(counting(Kind::page, "page"), "", "https://h/list?page=x").find("not a number") !=
          std::string::npos);
}

TEST_CASE("pages: another origin and the same page are refused") {
    CHECK(next({}, "", here, 0, "<https://evil/>; rel=next").find("another origin, https://evil") !=
          std::string::npos);
    CHECK(next({}, "", here, 0, "<http://h/list?per=2>; rel=next").find("another origin") !=
          std::string::npos);
    CHECK(next({}, "", here, 0, "<?per=2>; rel=next").find("names itself") != std::string::npos);
}

TEST_CASE("pages: items are the elements of an array") {
    CHECK(items("data", R"({"data":[1, {"a": 2}]})") == "1;{\"a\": 2};");
    CHECK(items("data[]", R"({"data":[[1],2]})") == "[1];2;");
    CHECK(items("[]", "[1,2]") == "1;2;");
    CHECK(items("", "[1,2]") == "1;2;");
    CHECK(items("data", R"({"data":[]})") == "");
    CHECK(items("dta", R"({"data":[]})") == "reading the items: the page has no 'dta'");
    CHECK(items("data", R"({"data":{}})").find("is an object, not an array") != std::string::npos);
}

TEST_CASE("pages: a parameter replaces the one of its name or goes to the end") {
    CHECK(with_parameter("http://h/", "a", "1") == "http://h/?a=1");
    CHECK(with_parameter("http://h/?", "a", "1") == "http://h/?a=1");
    CHECK(with_parameter("http://h/?b=2", "a", "1") == "http://h/?b=2&a=1");
    CHECK(with_parameter("http://h/?a&b=2", "a", "1") == "http://h/?a=1&b=2");
    CHECK(with_parameter("http://h/?x=a&%61=2", "a", "1") == "http://h/?x=a&a=1");
}

TEST_CASE("pages: a number is a cursor, but not a URL") {
    CHECK(next(parse_next("next"), R"({"next":5})").find("'next' is a number, not a URL") !=
          std::string::npos);
    CHECK(next(parse_next("cursor=next"), R"({"next":5})") == "https://h/list?per=2&cursor=5");
}

TEST_CASE("pages: the items can be the elements of the body itself") {
    CHECK(items("[]", "[1, 2]") == "1;2;");
}

TEST_CASE("pages: a list that is null is empty") {
    CHECK(items("", "null").empty());
    CHECK(items("data[list]", R"({"data":{"list":null}})").empty());
}

TEST_CASE("pages: a list that is left out is empty, unless the page may be something else") {
    const auto later = Page::Place::later;
    CHECK(items("data", "{}").empty());
    CHECK(items("data", R"({"total":3})", later).empty());
    CHECK(items("data", R"({"total":3})").find("has no 'data'") != std::string::npos);
    CHECK(items("data", R"({"error":"busy"})", later).find("has no 'data'") != std::string::npos);
}
