// What hail batch makes of replies: tests/data/batch.cases, which describes the format.

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

struct Case {
    std::string name;
    std::vector<Script> scripts{Script()};
    std::string fields;  // of the next reply
    std::string input;
    std::vector<std::string> options;
    std::string out;
    std::vector<std::string> pieces;  // of the output, instead of `out`
    std::vector<std::string> said;
    std::vector<std::string> unsaid;
    std::size_t posts = 0;  // 0: any number
    int code = -1;
    bool is_alone = false;  // nobody listens
};

// Bytes for \xNN, and {N*TEXT} written out.
std::string bytes_of(std::string text) {
    for (std::size_t at = text.find("\\x"); at != text.npos; at = text.find("\\x", at + 1)) {
        text.replace(at, 4, 1, static_cast<char>(std::stoi(text.substr(at + 2, 2), nullptr, 16)));
    }
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
        const std::size_t star = text.find_first_not_of("0123456789", at + 1);
        if (star == at + 1 || star == text.npos || text[star] != '*') {
            continue;
        }
        const std::size_t end = text.find('}', star);
        std::string all;
        for (int left = std::stoi(text.substr(at + 1)); left > 0; --left) {
            all.append(text, star + 1, end - star - 1);
        }
        text.replace(at, end + 1 - at, all);
    }
    return text;
}

std::string calls(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const char id = static_cast<char>('a' + i);
        text += R"({"jsonrpc":"2.0","id":")" + std::string(1, id) + R"(","method":"m"})" + "\n";
    }
    return text;
}

void add_to_peer(Case& one, const std::string& kind, const std::string& rest) {
    Script& script = one.scripts.back();
    if (kind == "reply") {
        const std::string status = rest.substr(0, rest.find(' '));
        const std::string body = bytes_of(rest.substr(status.size() + 1));
        script.push_back(read_request());
        script.push_back(send("HTTP/1.1 " + status + " x\r\n" + std::exchange(one.fields, {}) +
                              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    } else if (kind == "raw") {
        script.push_back(read_request());
        script.push_back(send(bytes_of(rest)));
    } else if (kind == "connection") {
        one.scripts.emplace_back();
    } else {
        REQUIRE_MESSAGE((kind == "cut" || kind == "reset" || kind == "stall"), kind);
        script.push_back(kind == "cut" ? cut() : kind == "reset" ? reset() : stall());
    }
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t begin = 0, end = 0; end != text.npos; begin = end + 1) {
        end = text.find(' ', begin);
        words.push_back(text.substr(begin, end - begin));
    }
    return words;
}

void add_line(Case& one, const std::string& line) {
    const std::size_t space = line.find(' ');
    const std::string kind = line.substr(0, space);
    const std::string rest = space == line.npos ? std::string() : line.substr(space + 1);
    if (kind == "field") {
        one.fields += rest + "\r\n";
    } else if (kind == "calls") {
        one.input = calls(std::stoi(rest));
    } else if (kind == "in") {
        one.input += rest + "\n";
    } else if (kind == "with") {
        one.options = words_of(rest);
    } else if (kind == "nobody") {
        one.is_alone = true;
    } else if (kind == "out") {
        one.out += bytes_of(rest) + "\n";
    } else if (kind == "has") {
        one.pieces.push_back(bytes_of(rest));
    } else if (kind == "says") {
        one.said.push_back(rest);
    } else if (kind == "silent") {
        one.unsaid.push_back(bytes_of(rest));
    } else if (kind == "posts") {
        one.posts = std::stoul(rest);
    } else if (kind == "code") {
        one.code = std::stoi(rest);
    } else {
        add_to_peer(one, kind, rest);
    }
}

std::vector<Case> read_cases() {
    std::ifstream file(HAIL_DATA "/batch.cases");
    std::vector<Case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("case ")) {
            cases.emplace_back().name = line.substr(5);
        } else if (!line.empty() && !line.starts_with('#')) {
            add_line(cases.back(), line);
        }
    }
    return cases;
}

void check(const Case& one, const Outcome& outcome) {
    CAPTURE(outcome.err);
    const std::string start = outcome.out.substr(0, 1'000);
    CAPTURE(start);
    CHECK(outcome.code == one.code);
    if (one.pieces.empty()) {
        CHECK((outcome.out == one.out));
    }
    for (const std::string& piece : one.pieces) {
        CAPTURE(piece);
        CHECK(outcome.out.find(piece) != std::string::npos);
    }
    for (const std::string& piece : one.said) {
        CAPTURE(piece);
        CHECK(outcome.err.find(piece) != std::string::npos);
    }
    for (const std::string& piece : one.unsaid) {
        CAPTURE(piece);
        CHECK(outcome.err.find(piece) == std::string::npos);
    }
}

}  // namespace

TEST_CASE("batch: every case of batch.cases holds") {
    const std::vector<Case> cases = read_cases();
    CHECK(cases.size() > 80);
    for (const Case& one : cases) {
        CAPTURE(one.name);
        Peer peer(one.is_alone ? std::vector<Script>() : one.scripts);
        std::vector<std::string> arguments{"batch", one.is_alone ? "127.0.0.1:1" : peer.address()};
        arguments.insert(arguments.end(), one.options.begin(), one.options.end());
        if (arguments.size() == 2) {
            arguments.insert(arguments.end(), {"--parallel", "1"});
        }
        check(one, hail::support::hail(arguments, one.input));
        if (!one.is_alone) {
            const std::size_t posts = peer.finish().size();
            CHECK((one.posts == 0 || posts == one.posts));
        }
    }
}

TEST_CASE("batch: a kept connection that the server closed costs no call, case 49") {
    const std::string ok = R"({"jsonrpc":"2.0","id":1,"result":5})";
    const std::string ok_2 = R"({"jsonrpc":"2.0","id":2,"result":5})";
    Peer peer({{read_request(), reply(ok), cut()}, {read_request(), reply(ok_2)}});
    Process process(hail_command({"batch", peer.address(), "--retry", "0"}));
    process.write("{\"method\":\"m\",\"id\":1}\n");
    CHECK(process.read_line() == R"({"i":0,"id":1,"result":5})");
    peer.wait_for_ends(1);
    process.write("{\"method\":\"m\",\"id\":2}\n");
    CHECK(process.wait().code == 0);
    CHECK(peer.finish().size() == 2);
}
