// The requests of whole hail rest command lines: tests/data/rest.cases, which describes the format.

#include <doctest/doctest.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

struct Case {
    std::size_t line = 0;
    std::vector<std::string> words;
    std::string request_line;
    std::vector<std::string> headers;
    std::vector<std::string> absent;
    std::optional<std::string> body;
    std::string error;  // "64 piece"
};

std::string resolved(std::string text) {
    for (std::size_t at = text.find("$D"); at != std::string::npos; at = text.find("$D")) {
        text.replace(at, 2, HAIL_DATA);
    }
    for (std::size_t at = text.find("\\x"); at != std::string::npos; at = text.find("\\x", at + 1)) {
        text.replace(at, 4, 1, static_cast<char>(std::stoi(text.substr(at + 2, 2), nullptr, 16)));
    }
    return text;
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t begin = 0, end = 0; end != text.npos; begin = end + 1) {
        end = text.find(' ', begin);
        words.push_back(resolved(text.substr(begin, end - begin)));
    }
    return words;
}

void add_line(Case& one, const std::string& line) {
    const std::size_t space = line.find(' ');
    const std::string kind = line.substr(0, space);
    const std::string rest = line.substr(space + 1);
    if (kind == "call") {
        one.words = words_of(rest);
    } else if (kind == "line") {
        one.request_line = rest + " HTTP/1.1";
    } else if (kind == "header") {
        one.headers.push_back("\r\n" + resolved(rest) + "\r\n");
    } else if (kind == "none") {
        one.absent.push_back(rest);
    } else if (kind == "body") {
        one.body = resolved(rest);
    } else {
        REQUIRE(kind == "error");
        one.error = resolved(rest);
    }
}

std::vector<Case> read_cases() {
    std::ifstream file(HAIL_DATA "/rest.cases");
    std::vector<Case> cases;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.starts_with("call ")) {
            cases.emplace_back().line = number;
        }
        add_line(cases.back(), line);
    }
    return cases;
}

// The peer answers for every host that the words name.
Outcome call(const Case& one, const Peer& peer) {
    std::vector<std::string> arguments{"rest", "--connect-to", "::127.0.0.1:" + std::to_string(peer.port())};
    arguments.insert(arguments.end(), one.words.begin(), one.words.end());
    return hail::support::hail(arguments);
}

void check_request(const Case& one, const Received& request) {
    CHECK((one.request_line.empty() || request.line() == one.request_line));
    for (const std::string& header : one.headers) {
        CAPTURE(header);
        CAPTURE(request.head);
        CHECK(request.head.find(header) != std::string::npos);
    }
    for (const std::string& name : one.absent) {
        CAPTURE(name);
        CHECK(request.header(name).empty());
    }
    CHECK(request.body == one.body.value_or(request.body));
}

void check_error(const Case& one, const Outcome& outcome) {
    const std::size_t space = one.error.find(' ');
    CHECK(std::to_string(outcome.code) == one.error.substr(0, space));
    CAPTURE(outcome.err);
    CHECK(outcome.err.find(one.error.substr(space + 1)) != std::string::npos);
}

}  // namespace

TEST_CASE("rest: every line of rest.cases holds on the wire") {
    const std::vector<Case> cases = read_cases();
    CHECK(cases.size() > 50);
    for (const Case& one : cases) {
        CAPTURE(one.line);
        Peer peer({{serve([](const Received&) { return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"; })}});
        const Outcome outcome = call(one, peer);
        if (one.error.empty()) {
            REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
            check_request(one, peer.received().at(0));
        } else {
            check_error(one, outcome);
            CHECK(peer.connections() == 0);
        }
    }
}
