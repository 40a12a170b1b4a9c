#include "cli/input/params.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/build.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

bool is_name_start(char c) {
    return base::is_letter(c) || c == '_' || c == '$';
}

bool is_name_character(char c) {
    return is_name_start(c) || base::is_digit(c) || c == '.' || c == '-';
}

// The length of the name and its [..] segments at the front; 0 if the word has no name.
std::size_t name_length(std::string_view word) {
    if (word.empty() || !is_name_start(word.front())) {
        return 0;
    }
    auto at = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_name_character) -
                                       word.begin());
    while (at < word.size() && word[at] == '[') {
        while (at < word.size() && word[at] != ']') {
            at += word[at] == '\\' ? 2U : 1U;
        }
        ++at;
    }
    return std::min(at, word.size());
}

// One word, with its number for messages.
class Param {
  public:
    Param(std::string_view word, std::size_t number) : word_(word), number_(number) {
        const std::size_t length = json::is_json(word) ? 0 : name_length(word);
        const std::string_view rest = word.substr(length);
        if (!json::is_json(word) && (rest.starts_with('=') || rest.starts_with(":="))) {
            name_ = word.substr(0, length);
            operator_ = rest.substr(0, rest.front() == '=' ? 1 : 2);
            value_ = rest.substr(operator_.size());
        }
    }

    bool by_name() const { return !name_.empty(); }
    std::string_view name() const { return name_; }
    std::string_view word() const { return word_; }

    // The value as raw JSON.
    std::string json(Files& files) const {
        if (operator_.empty()) {
            return json::is_json(word_) ? std::string(json::trim(word_)) : text(std::string(word_));
        }
        if (by_name() && operator_ == "=" && value_.starts_with('=')) {
            const std::string name(name_);
            reject(" is ambiguous: 'name==' is a query parameter in hail rest",
                   "to pass this text by position, write '=" + base::one_line(word_) +
                       "'; to pass it by name, write '" + name + ":=\"=...\"'");
        }
        const bool file = value_.starts_with('@');
        std::string value =
            file ? read(files) : std::string(value_.substr(value_.starts_with("\\@") ? 1 : 0));
        if (operator_ == "=") {
            return text(value);
        }
        if (const auto problem = json::check(value)) {
            reject(" is not JSON: " + json::describe(value, *problem),
                   "to pass text, write '=' instead of ':='");
        }
        return std::string(json::trim(value));
    }

    [[noreturn]] void reject(const std::string& why, const std::string& hint) const {
        throw base::Error(base::Exit::usage, label() + why, hint);
    }

  private:
    std::string label() const {
        return "param " + std::to_string(number_) + ": '" + base::one_line(word_) + "'";
    }

    std::string read(Files& files) const {
        try {
            return files.read(value_.substr(1));
        } catch (const base::Error& error) {
            const std::string hint = error.exit() == base::Exit::no_input
                                         ? "a file name follows '@'; for a literal '@', write '\\@'"
                                         : error.hint();
            throw base::Error(error.exit(), label() + ": " + error.what(), hint);
        }
    }

    std::string text(const std::string& value) const {
        if (!base::is_utf8(value)) {
            reject(" is not UTF-8, and a JSON string cannot hold other bytes", "encode it as base64");
        }
        return json::quote(value);
    }

    std::string_view word_;
    std::size_t number_;
    std::string_view name_;
    std::string_view operator_;  // empty: a bare word
    std::string_view value_;
};

void set(json::Builder& builder, const Param& param, const std::string& value) {
    if (!base::is_utf8(param.name())) {
        param.reject(" has a name that is not UTF-8, and a JSON string cannot hold other bytes", "");
    }
    const json::ParsedPath parsed = json::parse_path(param.name());
    const auto problem = parsed.problem ? parsed.problem : builder.set(parsed.path, value);
    if (problem) {
        param.reject(": " + problem->what, problem->mend);
    }
}

void check_same_way(const Param& first, const Param& param) {
    if (first.by_name() != param.by_name()) {
        const std::string named(first.by_name() ? first.word() : param.word());
        const std::string placed(first.by_name() ? param.word() : first.word());
        param.reject(" mixes params by name ('" + base::one_line(named) + "') and by position ('" +
                         base::one_line(placed) + "')",
                     "a call has one or the other; to pass the text by position, write '=" +
                         base::one_line(named) + "'");
    }
}

void check_structured(const std::string& what, std::string_view text) {
    if (const auto problem = json::check(text)) {
        throw base::Error(base::Exit::usage, what + " is not JSON: " + json::describe(text, *problem));
    }
    const json::Kind kind = json::kind(text);
    if (kind != json::Kind::object && kind != json::Kind::array) {
        throw base::Error(base::Exit::usage,
                          what + " is " + std::string(json::name_with_article(kind)) +
                              ", but params must be an array or an object",
                          "to pass one param by position, write [" + base::one_line(json::trim(text)) + "]");
    }
}

}  // namespace

std::string params_of(std::span<const std::string> words, Files& files) {
    std::optional<Param> first;
    json::Builder named;
    std::string placed = "[";
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Param param(words[i], i + 1);
        first = first ? first : param;
        check_same_way(*first, param);
        const std::string value = param.json(files);
        if (param.by_name()) {
            set(named, param, value);
        } else {
            placed += i == 0 ? "" : ",";
            placed += value;
        }
    }
    if (!first) {
        return "";
    }
    return first->by_name() ? named.text() : placed + "]";
}

std::string whole_params(std::string_view given, Files& files) {
    const bool file = given.starts_with('@');
    const std::string text = file ? files.read(given.substr(1)) : std::string(given);
    check_structured(file ? "option --params: '" + base::one_line(given.substr(1)) + "'"
                          : "option --params: '" + base::one_line(given) + "'",
                     text);
    return std::string(json::trim(text));
}

}  // namespace hail::cli::input
