#include "lib/rpc/reply.h"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

using namespace hail::rpc;

namespace {

struct Case {
    std::string name;
    std::string id = "7";
    std::string reply;
    std::string expected;
    std::string quirks;
};

std::vector<Case> read_cases() {
    std::ifstream file(HAIL_DATA "/rpc_reply.cases");
    REQUIRE(file.is_open());
    std::vector<Case> cases;
    bool open = false;
    bool has_reply = false;
    for (std::string line; std::getline(file, line);) {
        if (line.empty()) {
            open = false;
            continue;
        }
        if (!open) {
            cases.emplace_back();
            open = true;
            has_reply = false;
        }
        Case& current = cases.back();
        const std::string value = line.size() > 2 ? line.substr(2) : "";
        if (line.front() == '#') {
            current.name = value;
        } else if (line.front() == '?') {
            current.id = value;
        } else if (line.front() == '>') {
            current.reply += (has_reply ? "\n" : "") + value;
            has_reply = true;
        } else if (line.front() == '=') {
            current.expected = value;
        } else if (line.front() == '~') {
            current.quirks = value;
        }
    }
    std::erase_if(cases, [](const Case& one) { return one.expected.empty(); });
    return cases;
}

std::string names_of(Quirks quirks) {
    std::string names;
    for (const Quirk quirk : quirks.list()) {
        names += (names.empty() ? "" : " ") + std::string(name(quirk));
    }
    return names;
}

std::string described(const Reply& reply) {
    switch (reply.kind) {
        case Reply::Kind::result:
            return "result " + std::string(reply.result);
        case Reply::Kind::error:
            return "error " + (reply.error.code.empty() ? "-" : std::string(reply.error.code)) + " " +
                   reply.error.text();
        case Reply::Kind::problem:
            break;
    }
    return "problem " + reply.problem;
}

}  // namespace

TEST_CASE("reply: every case of the table is read as it says") {
    const std::vector<Case> cases = read_cases();
    CHECK(cases.size() > 60);
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const Reply reply = read_reply(one.reply, one.id);
        if (one.expected.starts_with("problem ")) {
            CHECK(reply.kind == Reply::Kind::problem);
            CAPTURE(reply.problem);
            CHECK(reply.problem.find(one.expected.substr(8)) != std::string::npos);
        } else {
            CHECK(described(reply) == one.expected);
            CHECK(names_of(reply.quirks) == one.quirks);
        }
    }
}

TEST_CASE("reply: 5000 levels of nesting are read, a million are refused without a crash") {
    const auto nested = [](std::size_t depth) {
        return R"({"jsonrpc":"2.0","id":7,"result":)" + std::string(depth, '[') + std::string(depth, ']') +
               "}";
    };
    CHECK(read_reply(nested(5000), "7").kind == Reply::Kind::result);
    const std::string deep = nested(1'000'000);
    const Reply reply = read_reply(deep, "7");
    CHECK(reply.kind == Reply::Kind::problem);
    CHECK(reply.problem.find("too deep") != std::string::npos);
}

TEST_CASE("reply: the messages before the reply in an event stream are passed on") {
    const Reply reply = read_reply(
        "data: {\"method\":\"progress\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}\n\n", "7");
    REQUIRE(reply.others.size() == 1);
    CHECK(reply.others.front() == "{\"method\":\"progress\"}");
}

TEST_CASE("reply: an error is one printable line with its data shortened") {
    Quirks quirks;
    const std::string value =
        R"({"code":-32000,"message":"bad\n\u001b[2Jthing","data":")" + std::string(3'000'000, 'x') + "\"}";
    const std::string line = one_line(read_error(value, quirks));
    CHECK(line.starts_with("error -32000: bad\\x0a\\x1b[2Jthing (data: \"xxx"));
    CHECK(line.size() < 400);
    CHECK(quirks.empty());
}

TEST_CASE("reply: a code is shown as it came, and cannot steer the terminal") {
    Quirks quirks;
    CHECK(one_line(read_error(R"({"code":1.50,"message":"m"})", quirks)) == "error 1.50: m");
    CHECK(one_line(read_error("{\"code\":\"a\x1b[2J\",\"message\":\"m\"}", quirks)) ==
          "error \"a\\x1b[2J\": m");
}

TEST_CASE("reply: an event stream does not break the specification") {
    Quirks quirks;
    quirks.add(Quirk::event_stream);
    CHECK(quirks.breaches().empty());
    quirks.add(Quirk::id_null);
    CHECK(quirks.breaches().list() == std::vector<Quirk>{Quirk::id_null});
}

TEST_CASE("reply: every quirk deserves a warning, except version 1 and event streams") {
    CHECK(deserves_warning(Quirk::no_version));
    CHECK_FALSE(deserves_warning(Quirk::version_1));
    CHECK_FALSE(deserves_warning(Quirk::event_stream));
    CHECK(description(Quirk::id_null) == "its id is null");
}
