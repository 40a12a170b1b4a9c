#include "lib/http/link.h"

#include <doctest/doctest.h>

using namespace hail::http;

TEST_CASE("link: targets and relations are read") {
    const auto links = parse_links(
        "<https://h/?page=2>; rel=\"next\", </last,;>;title=\"a, b; c\"; REL=Last , <x>;rel=\"prev  Start\"");
    REQUIRE(links.size() == 3);
    CHECK(links[0].target == "https://h/?page=2");
    CHECK(links[0].relations == std::vector<std::string>{"next"});
    CHECK(links[1].target == "/last,;");
    CHECK(links[1].relations == std::vector<std::string>{"last"});
    CHECK(links[2].relations == std::vector<std::string>{"prev", "start"});
}

TEST_CASE("link: the first rel counts, and a link about another page does not") {
    const auto links = parse_links("<a>; rel=next; rel=prev, <b>; rel=next; anchor=\"/other\", <c>");
    REQUIRE(links.size() == 2);
    CHECK(links[0].relations == std::vector<std::string>{"next"});
    CHECK(links[1].target == "c");
    CHECK(links[1].relations.empty());
}

TEST_CASE("link: malformed links are skipped") {
    CHECK(parse_links("").empty());
    CHECK(parse_links("nonsense; rel=next").empty());
    CHECK(parse_links("<never closed; rel=next").empty());
    const auto links = parse_links("nonsense, ,<a>;;rel = next trailing, <b>; rel=\"never closed");
    REQUIRE(links.size() == 2);
    CHECK(links[0].relations == std::vector<std::string>{"next"});
    CHECK(links[1].target == "b");
}
