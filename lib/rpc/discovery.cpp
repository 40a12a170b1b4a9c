#include "lib/rpc/discovery.h"

#include <algorithm>
#include <array>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/members.h"

namespace hail::rpc {

namespace {

using Names = std::vector<std::string>;

constexpr std::array list_order{Way::open_rpc,    Way::list_methods, Way::core_describe, Way::system_describe,
                                Way::rpc_methods, Way::rpc_modules,  Way::help};
constexpr std::array describe_order{Way::open_rpc,    Way::core_describe,    Way::system_describe,
                                    Way::method_help, Way::method_signature, Way::help};

bool is(std::string_view value, json::Kind kind) {
    return !value.empty() && json::kind(value) == kind;
}

std::string_view member(std::string_view value, std::string_view name) {
    return is(value, json::Kind::object) ? json::member(value, name).value_or("") : std::string_view();
}

std::string text_of(std::string_view value) {
    return is(value, json::Kind::string) ? json::unquote(value) : std::string();
}

std::string text_at(std::string_view value, std::string_view name) {
    return text_of(member(value, name));
}

// The names of an object's members.
Names keys_of(std::string_view object) {
    Names names;
    json::Members members(object);
    while (members.next()) {
        names.push_back(json::unquote(members.key()));
    }
    return names;
}

// The list is an array of names, an array of objects with names, or an object with a member for each.
std::optional<Names> names_in(std::string_view value) {
    if (is(value, json::Kind::object)) {
        return keys_of(value);
    }
    if (!is(value, json::Kind::array)) {
        return std::nullopt;
    }
    Names names;
    json::Elements elements(value);
    while (elements.next()) {
        std::string name =
            is_string(elements.value()) ? text_of(elements.value()) : text_at(elements.value(), "name");
        if (name.empty()) {
            return std::nullopt;
        }
        names.push_back(std::move(name));
    }
    return names;
}

// The member that lists what a service has, whatever its draft calls it.
std::string_view listed(std::string_view result) {
    for (const auto* const name : {"methods", "procs", "services"}) {
        if (const std::string_view found = member(result, name); !found.empty()) {
            return found;
        }
    }
    return {};
}

bool is_name_character(char c) {
    return base::is_alphanumeric(c) || c == '_' || c == '.' || c == '-' || c == '/';
}

// The first words of the lines of a help, without headings such as "== Wallet ==". A single line is a
// message, not a list.
std::optional<Names> names_in_help(std::string_view value) {
    const std::string help = text_of(value);
    if (help.find('\n') == help.npos) {
        return std::nullopt;
    }
    Names names;
    for (std::size_t at = 0; at < help.size();) {
        const std::size_t end = std::min(help.find('\n', at), help.size());
        const std::string_view line = std::string_view(help).substr(at, end - at);
        const std::string_view word = line.substr(0, std::min(line.find(' '), line.size()));
        if (!word.empty() && base::is_letter(word.front()) &&
            std::all_of(word.begin(), word.end(), is_name_character)) {
            names.emplace_back(word);
        }
        at = end + 1;
    }
    return names.empty() ? std::nullopt : std::optional(names);
}

std::optional<Names> module_names(std::string_view value) {
    if (!is(value, json::Kind::object)) {
        return std::nullopt;
    }
    Names names = keys_of(value);
    for (std::string& name : names) {
        name += "_*";
    }
    return names;
}

std::optional<std::string_view> named_element(std::string_view list, std::string_view name) {
    if (is(list, json::Kind::object)) {
        return json::member(list, name);
    }
    if (!is(list, json::Kind::array)) {
        return std::nullopt;
    }
    json::Elements elements(list);
    while (elements.next()) {
        if (text_at(elements.value(), "name") == name) {
            return elements.value();
        }
    }
    return std::nullopt;
}

// --- for a person ------------------------------------------------------------------------------------------

// "integer", or the last part of a reference: "#/components/schemas/Block" is Block.
std::string type_of(std::string_view holder) {
    const std::string_view schema = member(holder, "schema");
    const std::string reference = text_at(schema, "$ref");
    if (!reference.empty()) {
        return reference.substr(reference.rfind('/') + 1);
    }
    const std::string type = text_at(schema, "type");
    return !type.empty() ? type : !schema.empty() ? text_at(schema, "title") : text_at(holder, "type");
}

std::string param(std::string_view one) {
    if (is_string(one)) {
        return text_of(one);
    }
    std::string text = text_at(one, "name");
    const std::string_view fallback = member(one, "default");
    const bool optional = member(one, "required") == "false" || member(one, "optional") == "true" ||
                          (is(member(one, "schema"), json::Kind::object) && member(one, "required").empty());
    text += optional ? "?" : "";
    if (const std::string type = type_of(one); !type.empty()) {
        text += ": " + type;
    }
    return fallback.empty() ? text : text + " = " + std::string(fallback);
}

std::string params(std::string_view list) {
    std::vector<std::string> all;
    if (is(list, json::Kind::array)) {
        json::Elements elements(list);
        while (elements.next()) {
            all.push_back(param(elements.value()));
        }
    }
    return "(" + base::join(all, ", ") + ")";
}

std::string result_type(std::string_view method) {
    for (const auto* const name : {"result", "return", "returns"}) {
        const std::string_view found = member(method, name);
        const std::string type = is_string(found) ? text_of(found) : type_of(found);
        if (!type.empty()) {
            return " -> " + type;
        }
    }
    return "";
}

// [["string","int"]]: the type of the result, then those of the params.
std::string signatures(std::string_view list, std::string_view method) {
    std::string text;
    json::Elements each(list);
    while (each.next()) {
        std::vector<std::string> types;
        json::Elements elements(is(each.value(), json::Kind::array) ? each.value() : list);
        while (elements.next()) {
            types.push_back(text_of(elements.value()));
        }
        const std::string result = types.empty() ? "" : types.front();
        types.erase(types.begin(), types.begin() + (types.empty() ? 0 : 1));
        text += std::string(method) + "(" + base::join(types, ", ") + ")" +
                (result.empty() ? "" : " -> " + result) + "\n";
        if (!is(each.value(), json::Kind::array)) {
            break;  // one signature, without a list around it
        }
    }
    return text;
}

}  // namespace

std::string_view method_of(Way way) {
    switch (way) {
        case Way::open_rpc:
            return "rpc.discover";
        case Way::list_methods:
            return "system.listMethods";
        case Way::core_describe:
            return "core.describe";
        case Way::system_describe:
            return "system.describe";
        case Way::method_help:
            return "system.methodHelp";
        case Way::method_signature:
            return "system.methodSignature";
        case Way::rpc_methods:
            return "rpc_methods";
        case Way::rpc_modules:
            return "rpc_modules";
        case Way::help:
            break;
    }
    return "help";
}

std::span<const Way> ways_to_list() {
    return list_order;
}

std::span<const Way> ways_to_describe() {
    return describe_order;
}

bool takes_name(Way way) {
    return way == Way::method_help || way == Way::method_signature || way == Way::help;
}

std::optional<Names> method_names(Way way, std::string_view result) {
    std::optional<Names> names;
    switch (way) {
        case Way::open_rpc:
        case Way::system_describe:
            names = names_in(listed(result));
            break;
        case Way::rpc_methods:
            names = names_in(is(result, json::Kind::array) ? result : listed(result));
            break;
        case Way::list_methods:
            names = names_in(is(result, json::Kind::array) ? result : std::string_view());
            break;
        case Way::core_describe:
            names = is(result, json::Kind::object) ? std::optional(keys_of(result)) : std::nullopt;
            break;
        case Way::rpc_modules:
            names = module_names(result);
            break;
        case Way::help:
            names = is(result, json::Kind::array) ? names_in(result) : names_in_help(result);
            break;
        case Way::method_help:
        case Way::method_signature:
            break;
    }
    return names && !names->empty() ? names : std::nullopt;
}

std::optional<std::string_view> description(Way way, std::string_view result, std::string_view method) {
    switch (way) {
        case Way::open_rpc:
        case Way::system_describe:
            return named_element(listed(result), method);
        case Way::core_describe:
            return is(result, json::Kind::object) ? json::member(result, method) : std::nullopt;
        case Way::method_help:
        case Way::help:
            return !text_of(result).empty() ? std::optional(result) : std::nullopt;
        case Way::method_signature:
            return is(result, json::Kind::array) ? std::optional(result) : std::nullopt;
        case Way::list_methods:
        case Way::rpc_methods:
        case Way::rpc_modules:
            break;
    }
    return std::nullopt;
}

std::string readable(std::string_view description, std::string_view method) {
    const auto line = [](std::string text) {
        while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
            text.pop_back();
        }
        return text.empty() ? "" : text + "\n";
    };
    if (is_string(description)) {
        return line(text_of(description));
    }
    if (is(description, json::Kind::array)) {
        return signatures(description, method);
    }
    return std::string(method) + params(member(description, "params")) + result_type(description) + "\n" +
           line(text_at(description, "summary")) + line(text_at(description, "description"));
}

}  // namespace hail::rpc
