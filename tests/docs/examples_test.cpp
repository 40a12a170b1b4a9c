// Runs the examples of every man page and of every help with --dry-run: hail must accept all of them.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"

#include <doctest/doctest.h>
#include <CLI/CLI.hpp>

using namespace hail;

namespace {

// A folder with the files that the examples name.
class ExampleFolder {
  public:
    ExampleFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hail-examples-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
        write("calls.ndjson", "{\"method\":\"aria2.getVersion\",\"id\":1}\n");
        write("calls.json", "[{\"method\":\"aria2.getVersion\",\"id\":1}]\n");
        write("users.csv", "id,address\n1,0x1\n");
        write("captured.ndjson", "{\"channel\":\"news\",\"payload\":\"hello\"}\n");
        write("secret.txt", "secret\n");
        write("token.txt", "token\n");
        write("password.txt", "password\n");
        write(".cookie", "__cookie__:secret\n");
        write("note.txt", "a note\n");
        write("events.txt", "an event\n");
        write("jobs.txt", "a job\n");
        write("user.json", "{\"name\":\"Ada\"}\n");
    }
    ExampleFolder(const ExampleFolder&) = delete;
    ExampleFolder& operator=(const ExampleFolder&) = delete;
    ~ExampleFolder() { std::filesystem::remove_all(path_); }

    const std::string& path() const { return path_; }

  private:
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ + "/" + name) << text;
    }

    std::string path_;
};

// The single commands of a pipeline, split at bars that are not quoted.
std::vector<std::string> pieces_of(const std::string& line) {
    std::vector<std::string> pieces(1);
    char quote = 0;
    for (const char c : line) {
        if (quote == 0 && c == '|') {
            pieces.emplace_back();
            continue;
        }
        if (c == '\'' || c == '"') {
            quote = quote == 0 ? c : (quote == c ? char{0} : quote);
        }
        pieces.back() += c;
    }
    return pieces;
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == text.npos ? "" : text.substr(first);
}

// Every command that begins with hail, also within a pipeline.
std::vector<std::string> hail_calls(const std::string& text, const std::string& mark) {
    std::vector<std::string> calls;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(mark)) {
            continue;
        }
        for (const std::string& piece : pieces_of(line.substr(mark.size()))) {
            const bool runs = HAIL_WITH_AMQP == 1 || piece.find("amqp") == std::string::npos;
            if (runs && trimmed(piece).starts_with("hail ")) {
                calls.push_back(trimmed(piece));
            }
        }
    }
    return calls;
}

int dry_run(const std::string& call, const std::string& folder) {
    const std::string script = "cd '" + folder +
                               "' && exec </dev/null >/dev/null && hail() { command=$1; shift; '" HAIL_BINARY
                               "' \"$command\" --dry-run \"$@\"; } && " +
                               call;
    return std::system(script.c_str());
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("examples: all examples of the man pages run") {
    const ExampleFolder folder;
    for (const auto& entry : std::filesystem::directory_iterator(HAIL_SOURCE "/man")) {
        const auto calls = hail_calls(read_file(entry.path().string()), ".Dl ");
        CAPTURE(entry.path().string());
        CHECK(!calls.empty());
        for (const std::string& call : calls) {
            CAPTURE(call);
            CHECK(dry_run(call, folder.path()) == 0);
        }
    }
}

TEST_CASE("examples: all examples of the help texts run") {
    const ExampleFolder folder;
    for (const cli::Command& command : cli::commands()) {
        const auto prepared = cli::prepare(command);
        for (const std::string& call : hail_calls(prepared.parser->tree().get_footer(), "  ")) {
            CAPTURE(call);
            CHECK(dry_run(call, folder.path()) == 0);
        }
    }
}

TEST_CASE("examples: all examples of the README run") {
    const ExampleFolder folder;
    const auto calls = hail_calls(read_file(HAIL_SOURCE "/README.md"), "    ");
    CHECK(!calls.empty());
    for (const std::string& call : calls) {
        CAPTURE(call);
        CHECK(dry_run(call, folder.path()) == 0);
    }
}
