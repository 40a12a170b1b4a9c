#include "cli/completion/facts.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "lib/base/text.h"

namespace hail::cli::completion {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t end = 0; end != text.npos; start = end + 1) {
        end = text.find(separator, start);
        parts.push_back(text.substr(start, end - start));
    }
    return parts;
}

Kind kind_of(const std::string& value, const std::string& help) {
    if (value.find('|') != value.npos) {
        return Kind::choice;
    }
    if (value == "FILE" || value == "DIR") {
        return value == "FILE" ? Kind::file : Kind::directory;
    }
    if (value == "NAME:VALUE") {
        return Kind::header;
    }
    if (value == "METHOD" && help.find("word") != help.npos) {
        return Kind::method;
    }
    if (help.find("about this method") != help.npos) {
        return Kind::service_method;
    }
    return help.find("@FILE") != help.npos ? Kind::source : Kind::nothing;
}

}  // namespace

std::vector<std::string> Option::spellings() const {
    std::vector<std::string> all;
    for (const auto& letter : letters) {
        all.push_back("-" + letter);
    }
    for (const auto& word : words) {
        all.push_back("--" + word);
    }
    return all;
}

std::vector<Option> options_of(const CompletedCommand& command) {
    std::vector<Option> all;
    for (const CLI::Option* option : command.parser->tree().get_options()) {
        const std::string value = option->get_type_name();
        const std::string help = option->get_description();
        const Kind kind = kind_of(value, help);
        all.push_back({option->get_snames(), option->get_lnames(), help, value, kind,
                       kind == Kind::choice ? split(value, '|') : std::vector<std::string>{}});
    }
    return all;
}

Kind rest_of(const CompletedCommand& command) {
    const std::string& last = command.parser->declared_arguments().back().name;
    if (last == "ITEM") {
        return Kind::item;
    }
    if (last == "PARAM") {
        return Kind::parameter;
    }
    return last == "FILE" ? Kind::file : Kind::nothing;
}

std::size_t arguments_before_rest(const CompletedCommand& command) {
    return command.parser->declared_arguments().size() - (rest_of(command) == Kind::nothing ? 0 : 1);
}

bool takes_method(const CompletedCommand& command) {
    return rest_of(command) == Kind::item;
}

bool takes_service_method(const CompletedCommand& command) {
    const auto& arguments = command.parser->declared_arguments();
    return arguments.size() > 1 && arguments[1].name == "METHOD";
}

// Source: RFC 9110 9.3, RFC 5789, RFC 4918.
std::string methods() {
    return "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK "
           "UNLOCK PURGE";
}

// The headers that people type. Source: the registry of HTTP field names; the X- names are in wide use.
std::string headers() {
    return "Accept Accept-Encoding Accept-Language Authorization Cache-Control Content-Disposition "
           "Content-Encoding "
           "Content-Language Content-Type Cookie Expect Forwarded Host Idempotency-Key If-Match "
           "If-Modified-Since "
           "If-None-Match If-Range If-Unmodified-Since Origin Prefer Proxy-Authorization Range Referer "
           "User-Agent "
           "X-Api-Key X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Request-Id X-Requested-With";
}

std::string command_names(const std::vector<CompletedCommand>& commands) {
    std::vector<std::string> names;
    names.reserve(commands.size());
    for (const CompletedCommand& command : commands) {
        names.push_back(command.name);
    }
    return base::join(names, " ");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

std::string valued(const std::vector<Option>& options) {
    std::vector<std::string> names;
    for (const Option& option : options) {
        const auto spellings = option.spellings();
        if (!option.value.empty()) {
            names.insert(names.end(), spellings.begin(), spellings.end());
        }
    }
    return base::join(names, " ");
}

}  // namespace hail::cli::completion
