#include "lib/rest/expectation.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"

using namespace hail;
using namespace hail::rest;

namespace {

http::ReplyHead head_of(std::initializer_list<std::string_view> lines) {
    http::ReplyHead head;
    for (const std::string_view line : lines) {
        head.add_line(line);
    }
    return head;
}

// "yes" or why not.
std::string verdict(std::string_view expectation, std::string_view body,
                    const http::ReplyHead& head = head_of({"HTTP/1.1 200 OK", "ETag: \"a b\""})) {
    const Verdict verdict = judge(parse_expectation(expectation), head, body);
    return verdict.holds ? "yes" : verdict.why;
}

std::string refusal(std::string_view expectation) {
    try {
        parse_expectation(expectation);
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::usage);
        return std::string(error.what()) + " / " + error.hint();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("expectation: the status is compared as a number") {
    CHECK(verdict("status==200", "") == "yes");
    CHECK(verdict("status<300", "") == "yes");
    CHECK(verdict("status!=200", "") == "the status is 200");
    CHECK(verdict("status>=201", "") == "the status is 200");
}

TEST_CASE("expectation: a header is compared as text") {
    CHECK(verdict("header:etag==\"a b\"", "") == "yes");
    CHECK(verdict("header:ETag==x", "") == "ETag is '\"a b\"'");
    CHECK(verdict("header:X-A!=1", "") == "yes");
    CHECK(verdict("header:X-A==1", "") == "the reply has no header X-A");
}

TEST_CASE("expectation: a path is compared with JSON by meaning") {
    CHECK(verdict(R"(a=={"x":1,"y":[true]})", R"({"a": {"y": [true], "x": 1.0}})") == "yes");
    CHECK(verdict("a==100", R"({"a": 1e2})") == "yes");
    CHECK(verdict("a==\"\\u00fc\"", "{\"a\": \"\xC3\xBC\"}") == "yes");
    CHECK(verdict("a[b][0]==null", R"({"a":{"b":[null]}})") == "yes");
    CHECK(verdict("a==1", R"({"a":"1"})") == "a is \"1\"");
    CHECK(verdict("a==[1,2]", R"({"a":[2,1]})") == "a is [2,1]");
    CHECK(verdict("a==[1]", R"({"a":[1,2]})") == "a is [1,2]");
    CHECK(verdict("a!=1", R"({"a":2})") == "yes");
}

TEST_CASE("expectation: numbers are ordered exactly, strings by their bytes") {
    CHECK(verdict("a>12345678901234567890122", R"({"a":12345678901234567890123})") == "yes");
    CHECK(verdict("a<=0.1", R"({"a":0.10000000000000000000001})") == "a is 0.10000000000000000000001");
    CHECK(verdict("t>\"2024-01-01\"", R"({"t":"2024-06-01"})") == "yes");
    CHECK(verdict("a<5", R"({"a":"1"})") == "a is \"1\"");
}

TEST_CASE("expectation: every value that a path picks must match, and there must be one") {
    CHECK(verdict("items[][ok]==true", R"({"items":[{"ok":true},{"ok":true}]})") == "yes");
    CHECK(verdict("items[][ok]==true", R"({"items":[{"ok":true},{"ok":false}]})") == "items[][ok] is false");
    CHECK(verdict("items[][ok]==true", R"({"items":[]})") == "the reply has no 'items[][ok]'");
    CHECK(verdict("a!=1", "{}") == "the reply has no 'a'");
}

TEST_CASE("expectation: a body that is not JSON is reported as such") {
    CHECK(verdict("a==1", "<html>") == "the body is not JSON");
    CHECK(verdict("a==1", "") == "the reply has no body");
}

TEST_CASE("expectation: operators inside brackets belong to the path, reserved words have a prefix") {
    CHECK(verdict("a[x==y]==1", R"({"a":{"x==y":1}})") == "yes");
    CHECK(verdict("body:status==1", R"({"status":1})") == "yes");
    CHECK(verdict("body:header:x==1", R"({"header:x":1})") == "yes");
}

TEST_CASE("expectation: an error shows its place and a correct example") {
    CHECK(refusal("state") ==
          "expectation 'state': expected ==, !=, <, <=, > or >= / such as status==200, state==\"done\", or "
          "!errors for a member that is absent\n"
          "      state\n           ^");
    CHECK(
        refusal("state==done") ==
        "expectation 'state==done': the value is not JSON: expected a value at column 1 / for the text done "
        "write \"done\", quotes included\n      state==done\n             ^");
    CHECK(refusal("status==2xx").find("three digits") != std::string::npos);
    CHECK(refusal("header:A<1").find("has no order") != std::string::npos);
    CHECK(refusal("header:==1").find("name is missing") != std::string::npos);
    CHECK(refusal("a<[1]").find("an array has no order") != std::string::npos);
    CHECK(refusal("a[b==1").find("expected") != std::string::npos);
}

TEST_CASE("expectation: white space around the operator does not count") {
    CHECK(verdict("status == 200", "") == "yes");
    CHECK(verdict(" header:X-A != 1 ", "") == "yes");
    CHECK(verdict("a == \"x y\"", R"({"a":"x y"})") == "yes");
}

TEST_CASE("expectation: the whole body can be compared") {
    CHECK(verdict("body:==[]", " [ ]") == "yes");
    CHECK(verdict("body:>=2", "1") == "the body is 1");
}

TEST_CASE("expectation: a body that is nested too deeply is not taken for another format") {
    const std::string deep(20'000, '[');
    http::ReplyHead head;
    const Verdict verdict = judge(parse_expectation("a==1"), head, deep);
    CHECK_FALSE(verdict.holds);
    CHECK(verdict.why == "the body is nested too deeply to be read");
}

TEST_CASE("expectation: absence is expected with an exclamation mark") {
    http::ReplyHead head;
    head.add_line("HTTP/1.1 200 OK");
    head.add_line("ETag: x");
    const auto holds = [&](const std::string& text, const std::string& body) {
        return rest::judge(rest::parse_expectation(text), head, body).holds;
    };
    CHECK(holds("!errors", R"({"data":1})"));
    CHECK_FALSE(holds("!errors", R"({"errors":[]})"));
    CHECK_FALSE(holds("!errors", R"({"errors":null})"));
    CHECK_FALSE(holds("!errors", "no JSON"));
    CHECK(holds("!items[][error]", R"({"items":[{"a":1}]})"));
    CHECK_FALSE(holds("!items[][error]", R"({"items":[{},{"error":1}]})"));
    CHECK(holds("!header:Location", ""));
    CHECK_FALSE(holds("!header:ETag", ""));
    CHECK(holds("!a==1", R"({"!a":1})"));
    CHECK_THROWS_AS(rest::parse_expectation("!status"), base::Error);
    CHECK_THROWS_AS(rest::parse_expectation("!"), base::Error);
}
