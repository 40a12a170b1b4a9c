// Indenter for JSON as it streams by. It changes only the white space between tokens: number text, key order,
// duplicate keys and escapes stay the same. Several values (NDJSON) follow one another, each on its own
// lines.
//
// Shape:   feed() accepts the input cut at any byte and appends to `out`; finish() ends the last line. From
//          the first byte that is not JSON, everything passes through unchanged: nothing is lost or invented
//          (white space before that byte is kept up to 64 KiB). Number text is not checked.
// Memory:  one byte for each open container; below most_indented levels lines are not indented further.
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hail::json {

class BlockWriter;

inline constexpr std::size_t most_indented = 100;

// The text to write before each kind of token, and the reset to write after it; empty for no colour.
struct Colours {
    std::string_view key = {};
    std::string_view string = {};
    std::string_view number = {};
    std::string_view literal = {};
    std::string_view punctuation = {};
    std::string_view reset = {};
};

struct IndentOptions {
    // escape: control characters (C0, DEL, C1, bidirectional ones) and bytes that are not UTF-8 are shown as
    // escapes, both in strings and in text that passes through, so that they cannot steer a terminal.
    enum class Controls { pass, escape };
    Controls controls = Controls::pass;
    Colours colours = {};
    std::size_t width = 4;
};

class Indenter {
  public:
    explicit Indenter(const IndentOptions& options = {}) : options_(options) {}

    void feed(std::string_view bytes, std::string& out);
    void finish(std::string& out);

    // Whether the input so far consists of complete values. Number text counts as complete.
    bool complete() const;

    // Whether what was fed stopped being JSON.
    bool broken() const { return broken_; }

  private:
    enum class Expected { value, first_element, first_key, key, colon, separator };
    enum class Token { none, string, escape, number, literal };

    void process(std::string_view bytes, BlockWriter& out);
    const char* between(const char* at, const char* end, BlockWriter& out);
    bool start(const char*& at, const char* end, BlockWriter& out);
    bool start_value(const char*& at, const char* end, BlockWriter& out);
    const char* start_string(std::string_view colour, const char* at, const char* end, BlockWriter& out);
    bool start_literal(std::string_view word, const char*& at, BlockWriter& out);
    void open(char bracket, BlockWriter& out);
    bool close(const char*& at, BlockWriter& out);
    const char* string(const char* at, const char* end, BlockWriter& out);
    const char* escaped(const char* at, BlockWriter& out);
    const char* odd_byte(const char* at, const char* end, BlockWriter& out);
    const char* number(const char* at, const char* end, BlockWriter& out);
    const char* literal(const char* at, const char* end, BlockWriter& out);
    void end_text(BlockWriter& out);
    void end_token(BlockWriter& out);
    void end_value();
    void lead_in(BlockWriter& out);
    void new_line(std::size_t depth, BlockWriter& out) const;
    void punctuation(char c, BlockWriter& out) const;
    void break_off(BlockWriter& out);
    void pass_through(std::string_view bytes, BlockWriter& out) const;

    IndentOptions options_;
    std::vector<char> open_;  // '{' and '['
    Expected expected_ = Expected::value;
    Token token_ = Token::none;
    bool string_is_key_ = false;
    bool wrote_value_ = false;  // a complete value at the top level
    bool broken_ = false;
    std::string_view literal_;  // the rest of it
    std::string space_;         // white space since the last token, for break_off()
    std::string carried_;       // a UTF-8 sequence that was cut by the end of a feed
};

}  // namespace hail::json
