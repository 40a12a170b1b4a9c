#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "cli/commands/subscribe.h"
#include "cli/output/message.h"
#include "lib/base/error.h"
#include "lib/json/scan.h"

using namespace hail;

TEST_CASE("message format: the JSON is valid whatever bytes the members contain") {
    cli::output::MessageFormat format(cli::output::MessageForm::json, '\n');
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        std::string line;
        const std::string one(1, static_cast<char>(byte));
        format.append(line, {.channel = one, .pattern = one, .payload = all});
        CHECK(json::is_json(line));
        CHECK(line.find(byte < 128 ? "\"channel\":" : "\"channel_base64\":") != std::string::npos);
    }
}

TEST_CASE("message format: a payload ends with the chosen byte") {
    cli::output::MessageFormat format(cli::output::MessageForm::payload, '\0');
    std::string out;
    format.append(out, {.channel = "c", .payload = "a\nb"});
    CHECK(out == std::string("a\nb\0", 4));
}

TEST_CASE("message format: a template names the parts of a message") {
    using cli::output::template_of;
    cli::output::MessageFormat format(
        cli::output::MessageForm::by_template, '\n',
        template_of(R"({sequence}\t{channel}|{pattern}|{payload}|{hex}|{base64}|{length}|{id}|{{}\\)"));
    std::string out;
    format.append(out, {.channel = "c", .payload = "\xff\n"});
    format.append(out, {.channel = "c", .pattern = "*", .payload = "", .id = "1-2"});
    CHECK(out == "1\tc||\xff\n|ff0a|/wo=|2||{}\\\n2\tc|*||||0|1-2|{}\\\n");
}

TEST_CASE("message format: the broker's time precedes ours") {
    cli::output::MessageFormat format(cli::output::MessageForm::by_template, '\n',
                                      cli::output::template_of("{time}"));
    std::string out;
    const auto time = std::chrono::system_clock::time_point(std::chrono::microseconds(1'500'000));
    format.append(out, {.channel = "c", .time = time});
    CHECK(out == "1970-01-01T00:00:01.500000Z\n");
}

TEST_CASE("message format: a template with an unknown part or escape is refused") {
    for (const char* text :
         {"{nothing}", "{", "{payload", "\\q", "{}", "\\", "{property:message-id}", "{property:headers}"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(cli::output::template_of(text), base::Error);
    }
    CHECK(cli::output::template_of("}").size() == 1);
    CHECK(cli::output::template_of("").empty());
}

TEST_CASE("subscribe: names with glob characters are patterns unless they are literal") {
    using cli::subscribe::Globs;
    const auto sorted = cli::subscribe::sort_names({"a", "b*", "c?", "d[e]", "f]"}, Globs::are_patterns);
    CHECK(sorted.channels == std::vector<std::string>{"a", "f]"});
    CHECK(sorted.patterns == std::vector<std::string>{"b*", "c?", "d[e]"});
    CHECK(cli::subscribe::sort_names({"b*"}, Globs::are_literal).patterns.empty());
}
