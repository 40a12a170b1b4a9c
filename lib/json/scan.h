// Strict reader of JSON text, as spans of bytes: validity, kinds, members and elements. Nothing is converted,
// so number text, key order and duplicate keys stay the same.
//
// Shape:   offsets in bytes from 0, lines and columns from 1 (columns count bytes). Every function after
//          check() takes text that check() accepted, and never reads outside it. No allocation, no recursion;
//          depth at most most_depth. A lone surrogate escape (\ud800) is valid, as in the grammar.
// Throws:  nothing; a fault is a value.
// Source:  RFC 8259; RFC 3629 for the bytes of strings.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hail::json {

inline constexpr std::size_t most_depth = 10'000;
// The problem of a text beyond that.
inline constexpr std::string_view nested_too_deeply = "nested too deeply";

// A fault in a text and its place; `what` is a constant such as "expected ',' or ']'".
struct Problem {
    std::size_t offset = 0;
    std::string_view what;
};

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

enum class Encoding { utf8, any };  // any: strings need not be UTF-8

// The first fault; nothing if the text is exactly one value, with optional white space around it.
std::optional<Problem> check(std::string_view text, Encoding encoding = Encoding::utf8);

inline bool is_json(std::string_view text) {
    return !check(text);
}

Position position(std::string_view text, std::size_t offset);

// "expected ':' at column 5", with the line before it if the text has several.
std::string describe(std::string_view text, const Problem& problem);

// White space of JSON: space, tab, line feed, carriage return.
std::string_view trim(std::string_view text);

enum class Kind { object, array, string, number, boolean, null };

Kind kind(std::string_view value);              // by its first byte after white space
std::string_view name(Kind kind);               // "object"
std::string_view name_with_article(Kind kind);  // "an object"

// Whether the string, raw and with its quotes, means this text.
bool equals(std::string_view string, std::string_view text);

// Walks over the members of an object: while (members.next()) ...
class Members {
  public:
    explicit Members(std::string_view object);

    bool next();

    std::string_view key() const { return key_; }      // raw, with its quotes
    std::string_view value() const { return value_; }  // raw, without white space around it
    bool key_is(std::string_view name) const { return equals(key_, name); }

  private:
    const char* at_;
    const char* end_;
    std::string_view key_;
    std::string_view value_;
};

// Walks over the elements of an array.
class Elements {
  public:
    explicit Elements(std::string_view array);

    bool next();

    std::string_view value() const { return value_; }

  private:
    const char* at_;
    const char* end_;
    std::string_view value_;
};

// The value of the last member of this name, which is the one that most readers use; nothing if there is no
// such member.
std::optional<std::string_view> member(std::string_view object, std::string_view name);

}  // namespace hail::json
