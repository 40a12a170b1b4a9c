#pragma once

#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "lib/json/indent.h"

// JSON on its way to the console, in pieces: indented and coloured where the console wants it, else the bytes as they came.
//
// Shape:   on a terminal control characters and bytes that are not UTF-8 are shown as escapes. What stops being JSON passes
//          through from there on.
// Throws:  what Console::write() throws.

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
    char last_ = '\n';  // of what was written
};

// One whole value and a newline.
void print_json(std::string_view value, Console& console);

}  // namespace hail::cli::output
