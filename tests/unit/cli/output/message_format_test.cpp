#include <doctest/doctest.h>

#include <string>

#include "cli/commands/subscribe.h"
#include "cli/output/message.h"
#include "lib/json/scan.h"

using namespace hail;

TEST_CASE("message format: the JSON is valid whatever bytes the members contain") {
    cli::output::MessageFormat format(cli::output::MessageForm::json, '\n');
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        std::string line;
        const std::string one(1, static_cast<char>(byte));
        format.append(line, {one, one, all});
        CHECK(json::is_json(line));
        CHECK(line.find(byte < 128 ? "\"channel\":" : "\"channel_base64\":") != std::string::npos);
    }
}

TEST_CASE("message format: a payload ends with the chosen byte") {
    cli::output::MessageFormat format(cli::output::MessageForm::payload, '\0');
    std::string out;
    format.append(out, {"c", std::nullopt, "a\nb"});
    CHECK(out == std::string("a\nb\0", 4));
}

TEST_CASE("subscribe: names with glob characters are patterns unless they are literal") {
    using cli::subscribe::Globs;
    const auto sorted = cli::subscribe::sort_names({"a", "b*", "c?", "d[e]", "f]"}, Globs::are_patterns);
    CHECK(sorted.channels == std::vector<std::string>{"a", "f]"});
    CHECK(sorted.patterns == std::vector<std::string>{"b*", "c?", "d[e]"});
    CHECK(cli::subscribe::sort_names({"b*"}, Globs::are_literal).patterns.empty());
}
