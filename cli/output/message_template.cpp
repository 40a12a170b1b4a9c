#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "cli/output/message.h"
#include "lib/amqp/table.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::output {

namespace {

using base::Error;
using base::Exit;

constexpr std::array<std::pair<std::string_view, MessagePart>, 17> part_names{{
    {"channel", MessagePart::channel},
    {"pattern", MessagePart::pattern},
    {"payload", MessagePart::payload},
    {"hex", MessagePart::hex},
    {"base64", MessagePart::base64},
    {"length", MessagePart::length},
    {"sequence", MessagePart::sequence},
    {"time", MessagePart::time},
    {"localtime", MessagePart::local_time},
    {"id", MessagePart::id},
    {"exchange", MessagePart::exchange},
    {"routing_key", MessagePart::routing_key},
    {"queue", MessagePart::queue},
    {"redelivered", MessagePart::redelivered},
    {"offset", MessagePart::offset},
    {"header:NAME", MessagePart::header},
    {"property:NAME", MessagePart::property},
}};

constexpr std::array<std::pair<char, char>, 6> escapes{
    {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'0', '\0'}, {'e', '\x1b'}, {'\\', '\\'}}};

// "{channel}", or "{header:x-run}", whose name is the text of the piece.
TemplatePiece piece_named(std::string_view name) {
    const std::size_t colon = std::min(name.find(':'), name.size());
    const std::string_view argument = name.substr(std::min(colon + 1, name.size()));
    const std::string_view kind = argument.empty() ? name : name.substr(0, colon);
    const auto* const found = std::find_if(part_names.begin(), part_names.end(), [&](const auto& known) {
        return argument.empty() ? known.first == kind : known.first == std::string(kind) + ":NAME";
    });
    if (found == part_names.end() || (argument.empty() && found->first.ends_with(":NAME"))) {
        std::string names;
        for (const auto& known : part_names) {
            names += (names.empty() ? "{" : " {") + std::string(known.first) + "}";
        }
        throw Error(Exit::usage,
                    "option --format: '{" + base::one_line(name, 40) + "}' is not a part of a message",
                    "the parts are " + names + "; write {{ for a brace");
    }
    if (found->second == MessagePart::property &&
        std::find(amqp::property_names.begin(), amqp::property_names.end(), argument) ==
            amqp::property_names.end()) {
        throw Error(
            Exit::usage, "option --format: RabbitMQ has no property '" + base::one_line(argument, 40) + "'",
            "the properties are " + base::join(amqp::property_names, ", ") + "; {header:NAME} is a header");
    }
    return {found->second, std::string(argument)};
}

char escaped(char c) {
    const auto* const found =
        std::find_if(escapes.begin(), escapes.end(), [&](const auto& known) { return known.first == c; });
    if (found == escapes.end()) {
        throw Error(Exit::usage, "option --format: '\\" + base::one_line({&c, 1}) + "' is not an escape",
                    R"(the escapes are \n \t \r \0 \e and \\)");
    }
    return found->second;
}

}  // namespace

std::vector<TemplatePiece> template_of(std::string_view text) {
    std::vector<TemplatePiece> pieces;
    std::string plain;
    const auto end_plain = [&] {
        if (!plain.empty()) {
            pieces.push_back({.text = std::exchange(plain, {})});
        }
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("{{")) {
            plain += '{';
            ++at;
        } else if (rest[0] == '\\') {
            if (rest.size() == 1) {
                throw Error(Exit::usage, "option --format: a backslash at the end escapes nothing",
                            "write two for one");
            }
            plain += escaped(rest[1]);
            ++at;
        } else if (rest[0] == '{') {
            if (rest.find('}') == rest.npos) {
                throw Error(Exit::usage,
                            "option --format: the brace of '" + base::one_line(rest, 40) + "' is not closed",
                            "write {{ for a brace");
            }
            const std::string_view name = rest.substr(1, rest.find('}') - 1);
            end_plain();
            pieces.push_back(piece_named(name));
            at += name.size() + 1;
        } else {
            plain += rest[0];
        }
    }
    end_plain();
    return pieces;
}

}  // namespace hail::cli::output
