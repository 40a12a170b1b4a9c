// A file of lines that is written beside the main output, in blocks.
//
// Shape:   the file is empty once it is opened; with an empty path, nothing is written.
// Throws:  Error(output_failed).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/output_file.h"

namespace hail::cli::output {

class LineFile {
  public:
    explicit LineFile(const std::string& path, OutputFile::Opening opening = OutputFile::Opening::begin);

    // A line. Line breaks in the text become spaces.
    void write(std::string_view text);
    // Lines with their ends, or parts of them.
    void append(std::string_view text);
    void flush();
    void finish();

    // For a file that is continued: cuts it off after this many bytes. Its size, with what flush() wrote.
    void continue_at(std::uint64_t size);
    std::uint64_t size() const { return size_; }
    bool is_full() const { return buffer_.size() >= block; }

    // Writes everything to the disk.
    void sync();
    // Instead of finish(). Returns the name of the part, empty without one.
    std::string keep_part();

  private:
    static constexpr std::size_t block = std::size_t{64} * 1024;

    std::optional<OutputFile> file_;
    bool is_terminal_ = false;  // which gets no control characters
    std::uint64_t size_ = 0;
    std::string buffer_;
};

// Appends JSON on one line: each line feed and carriage return becomes a space. In valid JSON they occur only
// between tokens.
void append_on_one_line(std::string& out, std::string_view json);

}  // namespace hail::cli::output
