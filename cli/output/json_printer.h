// Prints JSON on the console piece by piece: indented and coloured if the console asks for it, otherwise
// unchanged.
//
// Shape:   on a terminal, control characters and bytes that are not UTF-8 are shown as escapes. If the text
//          stops being JSON, the rest passes through unchanged.
// Throws:  whatever Console::write() throws.

#pragma once

#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "lib/json/indent.h"

namespace hail::cli::output {

class JsonPrinter {
  public:
    explicit JsonPrinter(Console& console);

    void feed(std::string_view bytes);
    void finish();  // ends the last line if it was indented
    bool ended_line() const { return last_ == '\n'; }

  private:
    void write();

    Console& console_;
    json::Indenter indenter_;
    std::string out_;
    char last_ = '\n';  // the last byte written
};

// One whole value, as JsonPrinter shows it on a console that indents; with a newline.
std::string shown_json(std::string_view value, const Console& console);

// One whole value and a newline.
void print_json(std::string_view value, Console& console);

}  // namespace hail::cli::output
