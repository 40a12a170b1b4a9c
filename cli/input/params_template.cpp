#include "cli/input/params_template.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

[[noreturn]] void reject(std::string_view string, const std::string& why, const std::string& hint) {
    throw base::Error(base::Exit::usage, "option --params: " + base::one_line(string, 80) + ": " + why, hint);
}

// The offset after the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
    for (++at; text[at] != '"'; ++at) {
        at += text[at] == '\\' ? 1U : 0U;
    }
    return at + 1;
}

// Whether the string that ends at `at` is the name of a member.
bool colon_follows(std::string_view text, std::size_t at) {
    const std::string_view rest = json::trim(text.substr(at));
    return rest.starts_with(':');
}

// Cuts the ending off, if the text has it.
bool cut_ending(std::string_view& text, std::string_view ending) {
    const bool has = text.ends_with(ending);
    text.remove_suffix(has ? ending.size() : 0);
    return has;
}

}  // namespace

ParamsTemplate::ParamsTemplate(std::string_view params) {
    std::size_t from = 0;
    for (std::size_t at = params.find('"'); at != params.npos; at = params.find('"', from)) {
        pending_ += params.substr(from, at - from);
        from = string_end(params, at);
        read_string(params.substr(at, from - at), colon_follows(params, from));
    }
    pending_ += params.substr(from);
    if (places_.empty()) {
        throw base::Error(base::Exit::usage, "option --params: it names no column of the table",
                          "write a column as \"{name}\"");
    }
}

void ParamsTemplate::read_string(std::string_view string, bool is_key) {
    for (std::size_t at = 0; at < string.size(); ++at) {
        const char c = string[at];
        if (c != '{' && c != '}') {
            pending_ += c;
        } else if (string.substr(at + 1).starts_with(c)) {
            pending_ += c;
            ++at;
        } else if (c == '}') {
            reject(string, "a '}' that closes nothing", "write a brace as '}}'");
        } else {
            const std::size_t end = string.find('}', at);
            if (end == string.npos) {
                reject(string, "a '{' without its '}'", "write a column as {name}, and a brace as '{{'");
            }
            add_place(string.substr(at + 1, end - at - 1), string, is_key);
            at = end;
        }
    }
}

void ParamsTemplate::add_place(std::string_view between, std::string_view string, bool is_key) {
    Place place;
    place.form = cut_ending(between, ":json") ? Form::json : Form::text;
    if (place.form == Form::text) {
        cut_ending(between, ":text");
    }
    place.name = json::unquote("\"" + std::string(between) + "\"");
    if (place.name.empty()) {
        reject(string, "braces without the name of a column", "write a brace as '{{' or '}}'");
    }
    if (place.form == Form::json) {
        constexpr std::size_t around = std::string_view("\"{:json}\"").size();
        if (is_key || string.size() != between.size() + around) {
            reject(string, "':json' needs a string of its own, which is not the name of a member",
                   "a value inside of a longer string is text: {" + std::string(between) + "}");
        }
        pending_.pop_back();  // the quote
    }
    place.before = std::exchange(pending_, {});
    places_.push_back(place);
}

std::string ParamsTemplate::bind(std::span<const std::string> columns) {
    for (Place& place : places_) {
        const auto found = std::find(columns.begin(), columns.end(), place.name);
        if (found == columns.end()) {
            return "the table has no column '" + base::one_line(place.name) + "'; its columns are " +
                   base::one_line(base::join(columns, ", "), 200);
        }
        if (std::find(found + 1, columns.end(), place.name) != columns.end()) {
            return "the table has two columns '" + base::one_line(place.name) + "'";
        }
        place.column = static_cast<std::size_t>(found - columns.begin());
    }
    return {};
}

std::string ParamsTemplate::fill(std::span<const std::string> values, std::string& params) const {
    params.clear();
    bool after_json = false;
    for (const Place& place : places_) {
        const std::string& value = values[place.column];
        params += std::string_view(place.before).substr(after_json ? 1 : 0);  // without the quote
        after_json = place.form == Form::json;
        if (after_json) {
            if (const auto problem = json::check(value)) {
                return "column '" + base::one_line(place.name) + "' is not JSON: '" +
                       base::one_line(value, 60) + "'; {" + base::one_line(place.name) +
                       "} passes it as text";
            }
            params += json::trim(value);
            continue;
        }
        if (!base::is_utf8(value)) {
            return "column '" + base::one_line(place.name) + "' is not UTF-8";
        }
        json::append_escaped(params, value);
    }
    params += std::string_view(pending_).substr(after_json ? 1 : 0);
    return {};
}

}  // namespace hail::cli::input
