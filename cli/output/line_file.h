// A file of lines that is written beside the main output, in blocks.
//
// Shape:   the file is empty once it is opened; with an empty path, nothing is written.
// Throws:  Error(output_failed).

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/output/output_file.h"

namespace hail::cli::output {

class LineFile {
  public:
    explicit LineFile(const std::string& path);

    // Line breaks in the text become spaces.
    void write(std::string_view text);
    void finish();

  private:
    void write_through();

    std::optional<OutputFile> file_;
    bool is_terminal_ = false;  // which gets no control characters
    std::string buffer_;
};

// Appends JSON on one line: each line feed and carriage return becomes a space. In valid JSON they occur only
// between tokens.
void append_on_one_line(std::string& out, std::string_view json);

}  // namespace hail::cli::output
