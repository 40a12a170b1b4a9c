#pragma once

#include <string>
#include <string_view>

#include "lib/base/owned.h"

// A file of lines beside the main output, written in blocks.
//
// Shape:   made empty when it is opened; an empty path writes nothing.
// Throws:  Error(output_failed).

namespace hail::cli::output {

class LineFile {
  public:
    explicit LineFile(std::string path);

    // Line feeds in the text become spaces.
    void write(std::string_view text);
    void finish();

  private:
    void write_through();

    std::string path_;
    base::Descriptor file_;
    std::string buffer_;
};

// Appends JSON with every line feed and carriage return in it, which stand between tokens, as a space.
void append_on_one_line(std::string& out, std::string_view json);

}  // namespace hail::cli::output
