#include "cli/commands/rest.h"

#include <doctest/doctest.h>

#include "cli/input/files.h"
#include "lib/base/error.h"

using namespace hail;
using namespace hail::cli;

namespace {

rest::Options options_for(std::vector<std::string> words) {
    rest::Options options;
    options.first = words.front();
    options.rest.assign(words.begin() + 1, words.end());
    return options;
}

http::Request plan(const rest::Options& options, std::optional<std::string> body = {}) {
    rest::Material material;
    material.words = rest::sort_words(options);
    material.address = rest::address_of(material.words, options);
    material.items = input::parse_items(material.words.items);
    material.body = std::move(body);
    return rest::plan(options, material);
}

http::Request request_of(std::vector<std::string> words) {
    return plan(options_for(std::move(words)));
}

std::string value(const http::Request& request, std::string_view name) {
    const http::Header* const header = http::find(request.headers, name);
    return header == nullptr ? "(none)" : header->value;
}

}  // namespace

TEST_CASE("rest words: a known method in any case, or capitals before an address, stand before the address") {
    const auto sorted = [](std::vector<std::string> words) {
        const rest::Words sort = rest::sort_words(options_for(std::move(words)));
        return sort.method + "|" + sort.address + "|" + std::to_string(sort.items.size());
    };
    CHECK(sorted({"put", "h/x", "a=1"}) == "PUT|h/x|1");
    CHECK(sorted({"AHOY", "h/x"}) == "AHOY|h/x|0");
    CHECK(sorted({"M-SEARCH", "h/x"}) == "M-SEARCH|h/x|0");
    CHECK(sorted({"localhost", "a=1"}) == "|localhost|1");
    CHECK(sorted({"LOCALHOST", "a=1"}) == "|LOCALHOST|1");
    CHECK(sorted({"h/x"}) == "|h/x|0");
    CHECK_THROWS_AS(rest::sort_words(options_for({"GET"})), base::Error);
    rest::Options explicit_method = options_for({"get", "a=1"});
    explicit_method.method = "post";
    CHECK(rest::sort_words(explicit_method).address == "get");
}

TEST_CASE("rest plan: GET without a body, POST with one, and what was said wins") {
    CHECK(request_of({"h/x"}).method == "GET");
    CHECK(request_of({"h/x", "a==1"}).method == "GET");
    CHECK(request_of({"h/x", "a=1"}).method == "POST");
    CHECK(request_of({"GET", "h/x", "a=1"}).method == "GET");
    CHECK(plan(options_for({"h/x"}), "").method == "POST");
    CHECK(request_of({"DELETE", "h/x"}).body == "");
    CHECK_FALSE(request_of({"OPTIONS", "h/x"}).body.has_value());
}

TEST_CASE("rest plan: fields make JSON with number text and order kept") {
    const http::Request request = request_of({"h/x", "b=1", "a:=1.10", "c[d][]=x", "u=ü"});
    CHECK(request.body == R"({"b":"1","a":1.10,"c":{"d":["x"]},"u":"ü"})");
    CHECK(value(request, "Content-Type") == "application/json");
    CHECK(value(request, "Accept") == "application/json, */*;q=0.5");
}

TEST_CASE("rest plan: our headers give way to those typed, and to the wish to leave them out") {
    const http::Request request =
        request_of({"h/x", "accept:text/plain", "User-Agent:", "X-A:1", "X-A:2", "X-Empty;"});
    CHECK(value(request, "Accept") == "text/plain");
    CHECK(value(request, "User-Agent") == "(none)");
    CHECK(value(request, "X-Empty").empty());
    CHECK(std::count_if(request.headers.begin(), request.headers.end(),
                        [](const http::Header& header) { return header.name == "X-A"; }) == 2);
    rest::Options options = options_for({"h/x", "X-B:"});
    options.headers = {"X-B: 1", "X-C: 2", "Accept-Encoding:"};
    const http::Request with_options = plan(options);
    CHECK(value(with_options, "X-B") == "(none)");
    CHECK(value(with_options, "X-C") == "2");
    CHECK(value(with_options, "Accept-Encoding") == "(none)");
}

TEST_CASE("rest plan: raw bytes are called what they look like, unless a type was given") {
    const rest::Options options = options_for({"h/x"});
    CHECK(value(plan(options, "[1]"), "Content-Type") == "application/json");
    CHECK(value(plan(options, "hello"), "Content-Type") == "text/plain; charset=utf-8");
    CHECK(value(plan(options, "\xff"), "Content-Type") == "application/octet-stream");
    CHECK(value(plan(options_for({"h/x", "Content-Type:text/weird"}), "[1]"), "Content-Type") ==
          "text/weird");
    rest::Options typed = options;
    typed.data = "hello";
    CHECK(value(plan(typed, "hello"), "Content-Type") == "application/json");
    rest::Options form = options;
    form.form = true;
    CHECK(value(plan(form, "a=1"), "Content-Type") == "application/x-www-form-urlencoded; charset=utf-8");
}

TEST_CASE("rest plan: a query goes behind the address's own, a fragment is dropped") {
    CHECK(request_of({"h/x?q=1", "a==1 2&3"}).url == "http://h/x?q=1&a=1+2%263");
    CHECK(request_of({"h/x?a=1#frag", "b==2"}).url == "http://h/x?a=1&b=2");
    CHECK(request_of({":3000/bar"}).url == "http://localhost:3000/bar");
}

TEST_CASE("rest plan: a body given twice is refused") {
    CHECK_THROWS_AS(plan(options_for({"h/x", "a=1"}), "raw"), base::Error);
}
