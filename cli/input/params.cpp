#include "cli/input/params.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

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

// One word, with its place for messages, "param 1".
class Param {
  public:
    Param(std::string_view word, std::string place) : word_(word), place_(std::move(place)) {
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
    bool is_bare() const { return operator_.empty(); }
    bool is_empty_text() const { return by_name() && operator_ == "=" && value_.empty(); }

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

    // Why a word that begins like JSON is passed as text; empty if there is no doubt about it.
    std::string doubt() const {
        const bool begins_like_json =
            !word_.empty() && std::string_view("{[\"").find(word_.front()) != word_.npos;
        const auto problem = is_bare() && begins_like_json ? json::check(word_) : std::nullopt;
        return problem ? label() + " is passed as text: it begins like JSON, but is not valid: " +
                             json::describe(word_, *problem) + "; '=' before it says that it is text"
                       : std::string();
    }

    [[noreturn]] void reject(const std::string& why, const std::string& hint) const {
        throw base::Error(base::Exit::usage, label() + why, hint);
    }

  private:
    std::string label() const { return place_ + ": '" + base::one_line(word_) + "'"; }

    std::string read(Files& files) const {
        try {
            return files.read(value_.substr(1));
        } catch (const base::Error& error) {
            reject_file_of(label(), error);
        }
    }

    std::string text(const std::string& value) const {
        if (!base::is_utf8(value)) {
            reject(" is not UTF-8, and a JSON string cannot hold other bytes", "encode it as base64");
        }
        return json::quote(value);
    }

    std::string_view word_;
    std::string place_;
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

std::vector<Param> read_params(std::span<const std::string> words) {
    std::vector<Param> params;
    for (std::size_t i = 0; i < words.size(); ++i) {
        params.emplace_back(words[i], "param " + std::to_string(i + 1));
    }
    return params;
}

// Text in base64 may end in '=', and nothing else shows that these are names.
void check_meaning(const std::vector<Param>& params) {
    const auto is_empty_text = [](const Param& param) { return param.is_empty_text(); };
    if (params.empty() || !std::all_of(params.begin(), params.end(), is_empty_text)) {
        return;
    }
    const Param& first = params.front();
    const std::string name(first.name());
    first.reject(" is ambiguous: a name without a value, or text that ends in '='",
                 "to pass this text by position, write '=" + base::one_line(first.word()) +
                     "'; to pass an empty string by name, write '" + base::one_line(name) + ":=\"\"'");
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
    const std::vector<Param> params = read_params(words);
    check_meaning(params);
    json::Builder named;
    std::string placed = "[";
    for (const Param& param : params) {
        check_same_way(params.front(), param);
        const std::string value = param.json(files);
        if (param.by_name()) {
            set(named, param, value);
        } else {
            placed += placed.size() > 1 ? "," : "";
            placed += value;
        }
    }
    if (params.empty()) {
        return "";
    }
    return params.front().by_name() ? named.text() : placed + "]";
}

std::vector<std::string> doubts_about(std::span<const std::string> words) {
    std::vector<std::string> doubts;
    for (const Param& param : read_params(words)) {
        if (std::string doubt = param.doubt(); !doubt.empty()) {
            doubts.push_back(std::move(doubt));
        }
    }
    return doubts;
}

std::string members_of(std::span<const std::string> words, Files& files) {
    static constexpr std::array<std::string_view, 4> own{"jsonrpc", "id", "method", "params"};
    json::Builder members;
    for (const std::string& word : words) {
        const Param param(word, "option --member");
        if (!param.by_name()) {
            param.reject(" is not a member", "write name=TEXT or name:=JSON");
        }
        const std::string_view root = param.name().substr(0, param.name().find('['));
        if (std::find(own.begin(), own.end(), root) != own.end()) {
            param.reject(": '" + std::string(root) + "' is a member of every request",
                         "--id, --params and METHOD set those");
        }
        set(members, param, param.json(files));
    }
    return words.empty() ? "" : members.text();
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
