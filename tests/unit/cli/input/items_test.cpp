#include "cli/input/items.h"

#include <doctest/doctest.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "cli/input/assemble.h"
#include "lib/base/error.h"

using namespace hail;
using namespace hail::cli::input;

namespace {

struct Case {
    std::size_t line = 0;
    BodyMode mode = BodyMode::json;
    std::vector<std::string> words;
    std::string expected;  // the result of dump()
    std::string error;     // "64 piece"
    std::string hint;
    bool empty = true;
};

std::string resolve(std::string text) {
    for (std::size_t at = text.find("$D"); at != std::string::npos; at = text.find("$D")) {
        text.replace(at, 2, HAIL_DATA);
    }
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.compare(at, 2, "\\x") == 0) {
            out += static_cast<char>(std::stoi(text.substr(at + 2, 2), nullptr, 16));
            at += 3;
        } else {
            out += text[at];
        }
    }
    return out;
}

void add_line(Case& one, const std::string& line) {
    const std::size_t space = line.find(' ');
    const std::string word = line.substr(0, space);
    const std::string rest = resolve(line.substr(space + 1));
    one.empty = false;
    if (word == "mode") {
        one.mode = rest == "form"        ? BodyMode::form
                   : rest == "multipart" ? BodyMode::multipart
                                         : BodyMode::json;
    } else if (word == "item") {
        one.words.push_back(rest);
    } else if (word == "error") {
        one.error = rest;
    } else if (word == "hint") {
        one.hint = rest;
    } else {
        one.expected += word + " " + rest + "\n";
    }
}

std::vector<Case> read_cases() {
    std::ifstream file(HAIL_DATA "/items.cases");
    std::vector<Case> cases(1);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() && !cases.back().empty) {
            cases.emplace_back();
        }
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        cases.back().line = cases.back().empty ? number : cases.back().line;
        add_line(cases.back(), line);
    }
    return cases;
}

std::string dump(const RequestParts& parts) {
    std::string out;
    for (const http::Header& header : parts.headers.lines) {
        out += "header " + header.name + ": " + header.value + "\n";
    }
    for (const std::string& name : parts.headers.dropped) {
        out += "drop " + name + "\n";
    }
    for (const http::Pair& field : parts.query) {
        out += "query " + field.name + "=" + field.value + "\n";
    }
    for (const http::Pair& field : parts.form) {
        out += "form " + field.name + "=" + field.value + "\n";
    }
    for (const Part& part : parts.parts) {
        const std::string file = ": " + part.path + " " + part.upload_name + " " + part.media_type;
        out += "part " + part.name + (part.path.empty() ? "=" + part.value : file) + "\n";
    }
    out += parts.body == RequestParts::Body::json ? "json " + parts.json + "\n" : "";
    out += parts.body == RequestParts::Body::file ? "file " + parts.file + " " + parts.file_media_type + "\n"
                                                  : "";
    return out;
}

std::string contains(const std::string& text, const std::string& piece) {
    return text.find(piece) == std::string::npos ? text : piece;
}

void run(const Case& one) {
    try {
        std::vector<Item> items = parse_items(one.words);
        Files files;
        load_items(items, files);
        const RequestParts parts = assemble(items, one.mode);
        CHECK(dump(parts) == one.expected);
        CHECK(one.error.empty());
    } catch (const base::Error& error) {
        const std::string message = std::to_string(static_cast<int>(error.exit())) + " " + error.what();
        const std::size_t code_end = one.error.find(' ');
        REQUIRE_MESSAGE(code_end != std::string::npos, message);
        CHECK(message.substr(0, code_end) == one.error.substr(0, code_end));
        CHECK(contains(message, one.error.substr(code_end + 1)) == one.error.substr(code_end + 1));
        CHECK(contains("      " + error.hint(), one.hint) == one.hint);
    }
}

}  // namespace

TEST_CASE("items: every line of items.cases holds") {
    const std::vector<Case> cases = read_cases();
    CHECK(cases.size() > 100);
    for (const Case& one : cases) {
        CAPTURE(one.line);
        run(one);
    }
}

TEST_CASE("items: a tilde stands for the home directory") {
    const Files files("/home/me");
    CHECK(files.path("~/a") == "/home/me/a");
    CHECK(files.path("~") == "/home/me");
    CHECK(files.path("~a") == "~a");
    CHECK(files.path("a/~/b") == "a/~/b");
    CHECK(Files().path("~/a") == "~/a");
}

TEST_CASE("items: no message shows the value of a header or a field") {
    for (const std::string word :
         {"X Token:hunter2", "a[=hunter2", "X-A:hunter2\r\nb", "X-A;hunter2", "a[-1]=hunter2"}) {
        CAPTURE(word);
        try {
            assemble(parse_items(std::vector<std::string>{word}), BodyMode::json);
            FAIL("not refused");
        } catch (const base::Error& error) {
            CHECK(std::string(error.what()).find("hunter2") == std::string::npos);
            CHECK(error.hint().find("hunter2") == std::string::npos);
        }
    }
}
