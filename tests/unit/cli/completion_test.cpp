#include "cli/completion/facts.h"

#include <doctest/doctest.h>

#include <sstream>

#include "cli/input/assemble.h"
#include "cli/rest/inputs.h"

using namespace hail;
using namespace hail::cli;

namespace {

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

}  // namespace

TEST_CASE("completion: rest accepts every method that is offered") {
    for (const std::string& method : words_of(completion::methods())) {
        CAPTURE(method);
        cli::rest::RequestOptions options;
        options.first = method;
        options.rest = {"localhost"};
        CHECK(cli::rest::sort_words(options, "").method == method);
    }
}

TEST_CASE("completion: every header that is offered parses as a header item") {
    for (const std::string& header : words_of(completion::headers())) {
        CAPTURE(header);
        const std::vector<std::string> item{header + ":x"};
        const auto parts = input::assemble(input::parse_items(item), input::BodyMode::json);
        CHECK(parts.headers.lines.at(0).name == header);
    }
}
