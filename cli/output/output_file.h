// The place where data goes: standard output, or the file of -o.
//
// Shape:   a file is written as FILE.part and renamed by finish(); without finish() the bytes that came stay
//          in FILE.part. A device, a pipe or a name of an open descriptor, such as /dev/stderr, is written in
//          place. "-" is standard output.
//          A part can also be continued: continue_at() follows the opening.
// Throws:  Error(output_failed).

#pragma once

#include <unistd.h>

#include <cstdint>
#include <string>

#include "lib/base/owned.h"

namespace hail::cli::output {

class OutputFile {
  public:
    enum class Opening {
        begin,
        keep,    // the bytes of an earlier part stay
        create,  // in place: it must not exist yet, or be empty
        append,  // in place, after the present bytes
    };
    explicit OutputFile(const std::string& path, Opening opening = Opening::begin);
    ~OutputFile();  // removes a FILE.part to which nothing was written
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    int number() const { return file_ ? file_.number() : STDOUT_FILENO; }
    bool is_stdout() const { return !file_; }
    std::string name() const { return file_ ? opened_ : "stdout"; }  // for messages

    // Cuts off the part after this many bytes, and continues there.
    // Throws: Error(bad_input) if it has fewer.
    void continue_at(std::uint64_t size);

    void mark_written() { written_ = true; }
    void finish();

    // Instead of finish(): the data is incomplete, and stays in the part. Returns the part's name, empty
    // without one.
    std::string keep_part();

  private:
    std::string path_;
    std::string opened_;  // path_ itself, or the part that becomes path_
    base::Descriptor file_;
    bool written_ = false;
    bool settled_ = false;  // finished, or kept as a part
};

}  // namespace hail::cli::output
