#include "cli/rest/plan.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::cli;

namespace {

cli::rest::RequestOptions options_for(std::vector<std::string> words) {
    cli::rest::RequestOptions options;
    options.first = words.front();
    options.rest.assign(words.begin() + 1, words.end());
    return options;
}

http::Request plan(const cli::rest::RequestOptions& request) {
    cli::rest::Options options;
    options.request = request;
    const base::Stop stop;
    output::Console console(output::Display{});
    return cli::rest::plan_request(request,
                                   cli::rest::gather(options, hail::rest::Session(""), stop, console));
}

http::Request plan_with(cli::rest::RequestOptions options, const std::string& file_content) {
    const support::TemporaryDirectory folder;
    options.data = "@" + folder.file("body", file_content);
    return plan(options);
}

http::Request request_of(std::vector<std::string> words) {
    return plan(options_for(std::move(words)));
}

std::string value(const http::Request& request, std::string_view name) {
    const http::Header* const header = http::find(request.headers, name);
    return header == nullptr ? "(none)" : header->value;
}

}  // namespace

TEST_CASE("rest words: the first word is a method if it is known, or in capitals before an address") {
    const auto sorted = [](std::vector<std::string> words) {
        const cli::rest::Arguments sort = cli::rest::sort_words(options_for(std::move(words)), "");
        return sort.method + "|" + sort.address + "|" + std::to_string(sort.items.size());
    };
    CHECK(sorted({"put", "h/x", "a=1"}) == "PUT|h/x|1");
    CHECK(sorted({"AHOY", "h/x"}) == "AHOY|h/x|0");
    CHECK(sorted({"M-SEARCH", "h/x"}) == "M-SEARCH|h/x|0");
    CHECK(sorted({"localhost", "a=1"}) == "|localhost|1");
    CHECK(sorted({"LOCALHOST", "a=1"}) == "|LOCALHOST|1");
    CHECK(sorted({"h/x"}) == "|h/x|0");
    CHECK_THROWS_AS(cli::rest::sort_words(options_for({"GET"}), ""), base::Error);
    cli::rest::RequestOptions explicit_method = options_for({"get", "a=1"});
    explicit_method.method = "post";
    CHECK(cli::rest::sort_words(explicit_method, "").address == "get");
}

TEST_CASE("rest plan: the method is GET without a body, POST with one, and a typed one takes precedence") {
    CHECK(request_of({"h/x"}).method == "GET");
    CHECK(request_of({"h/x", "a==1"}).method == "GET");
    CHECK(request_of({"h/x", "a=1"}).method == "POST");
    CHECK(request_of({"GET", "h/x", "a=1"}).method == "GET");
    CHECK(plan_with(options_for({"h/x"}), "").method == "POST");
    CHECK(request_of({"DELETE", "h/x"}).body == "");
    CHECK_FALSE(request_of({"OPTIONS", "h/x"}).body.has_value());
}

TEST_CASE("rest plan: fields become JSON, and the text of numbers and the order stay") {
    const http::Request request = request_of({"h/x", "b=1", "a:=1.10", "c[d][]=x", "u=ü"});
    CHECK(request.body == R"({"b":"1","a":1.10,"c":{"d":["x"]},"u":"ü"})");
    CHECK(value(request, "Content-Type") == "application/json");
    CHECK(value(request, "Accept") == "application/json, */*;q=0.5");
}

TEST_CASE("rest plan: a typed header replaces or removes a default header") {
    const http::Request request =
        request_of({"h/x", "accept:text/plain", "User-Agent:", "X-A:1", "X-A:2", "X-Empty;"});
    CHECK(value(request, "Accept") == "text/plain");
    CHECK(value(request, "User-Agent") == "(none)");
    CHECK(value(request, "X-Empty").empty());
    CHECK(std::count_if(request.headers.begin(), request.headers.end(),
                        [](const http::Header& header) { return header.name == "X-A"; }) == 2);
    cli::rest::RequestOptions options = options_for({"h/x", "X-B:"});
    options.headers = {"X-B: 1", "X-C: 2", "Accept-Encoding:"};
    const http::Request with_options = plan(options);
    CHECK(value(with_options, "X-B") == "(none)");
    CHECK(value(with_options, "X-C") == "2");
    CHECK(value(with_options, "Accept-Encoding") == "(none)");
}

TEST_CASE("rest plan: the type of raw bytes is guessed unless a type was given") {
    const cli::rest::RequestOptions options = options_for({"h/x"});
    CHECK(value(plan_with(options, "[1]"), "Content-Type") == "application/json");
    CHECK(value(plan_with(options, "hello"), "Content-Type") == "text/plain; charset=utf-8");
    CHECK(value(plan_with(options, "\xff"), "Content-Type") == "application/octet-stream");
    CHECK(value(plan_with(options_for({"h/x", "Content-Type:text/weird"}), "[1]"), "Content-Type") ==
          "text/weird");
    cli::rest::RequestOptions typed = options;
    typed.data = "hello";
    CHECK(value(plan(typed), "Content-Type") == "application/json");
    cli::rest::RequestOptions form = options;
    form.form = true;
    CHECK(value(plan_with(form, "a=1"), "Content-Type") ==
          "application/x-www-form-urlencoded; charset=utf-8");
}

TEST_CASE("rest plan: query items follow the query of the address, and a fragment is dropped") {
    CHECK(request_of({"h/x?q=1", "a==1 2&3"}).url == "http://h/x?q=1&a=1+2%263");
    CHECK(request_of({"h/x?a=1#frag", "b==2"}).url == "http://h/x?a=1&b=2");
    CHECK(request_of({":3000/bar"}).url == "http://localhost:3000/bar");
}

TEST_CASE("rest plan: a body given twice is a usage error") {
    CHECK_THROWS_AS(plan_with(options_for({"h/x", "a=1"}), "raw"), base::Error);
}
