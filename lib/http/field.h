// FieldReader: reads the grammar that header fields share (tokens, quoted strings, parameters) from the front
// of a text.
//
// Shape:   the caller decides which element to read next; text that does not match it is left in place.
// Throws:  nothing.
// Source:  RFC 9110 5.6; a quoted string that is not closed ends with the field, as in browsers.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hail::http {

bool is_token_character(char c);

class FieldReader {
  public:
    struct Parameter {
        std::string name;   // in lower case
        std::string value;  // without its quotes; empty if there is none
    };

    explicit FieldReader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

    void skip_space();  // spaces and tabs
    bool take(char c);  // and the space after it
    void skip(std::size_t count) { rest_.remove_prefix(count); }
    std::string_view token();                        // "" if there is none
    std::string_view until(std::string_view stops);  // everything before the first of these characters
    std::optional<std::string> quoted();             // "…" without the quotes and backslashes

    // name, name=token or name="text", with optional space around the '='; none if no name comes next. A
    // value that is not a token extends to the next ';', ',' or space.
    std::optional<Parameter> parameter();

  private:
    std::string_view rest_;
};

// Whether the comma-separated list has that element, in capital or small letters.
bool lists(std::string_view list, std::string_view wanted);

// The value of the first parameter with that name (in lower case) in a field such as Content-Type, after its
// first ';'.
std::optional<std::string> parameter_of(std::string_view field, std::string_view name);

}  // namespace hail::http
