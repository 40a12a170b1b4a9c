// Files and stdin, named on the command line.
//
// Shape:   "-" is stdin, which can be taken once; "~/" at the front is the home directory.
// Throws:  Error(no_input) for a file that cannot be opened or read, or is a directory; Error(usage) for
//          stdin taken twice.
// Source:  open(2), read(2).

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/stop.h"

namespace hail::cli::input {

// True if stdin was redirected to a source of data: not a terminal and not /dev/null.
bool stdin_has_data();

// An open file, read piece by piece.
class InputFile {
  public:
    // "-" is stdin, which stays open. open() does not wait for the writer of a named pipe; poll(2) and
    // read(stop) do.
    static InputFile open(const std::string& path);

    // A file that somebody else has open, under this name.
    static InputFile share(int descriptor, const std::string& path);

    // The next bytes, empty at the end. The view is valid until the next read(). Blocks unless poll(2) has
    // reported data; a signal does not end it.
    std::string_view read();

    // The same, but a signal ends it with Error(interrupted) or Error(terminated).
    std::string_view read(const base::Stop& stop);

    int descriptor() const { return descriptor_; }

    // Hands the descriptor over to another reader; empty for stdin.
    base::Descriptor release() { return std::move(owned_); }

    const std::string& name() const { return name_; }  // for messages

  private:
    InputFile(int descriptor, base::Descriptor owned, std::string name);

    int descriptor_;
    base::Descriptor owned_;
    std::string name_;
    std::string buffer_;
};

class Files {
  public:
    explicit Files(std::string home = {}, const base::Stop* stop = nullptr)
        : home_(std::move(home)), stop_(stop) {}

    // Rejects every name with Error(bad_input): the author of the input must not read local files.
    static Files forbidden();

    std::string path(std::string_view name) const;  // "~/" expanded
    // All of it, at most 256 MiB, without a byte order mark.
    std::string read(std::string_view name);

    // The whole content of a file that claim() has accepted.
    std::string read_claimed(std::string_view name) const;

    // Takes stdin if the name is "-". Otherwise checks that the file may be read, without opening it: a named
    // pipe has its writer only once.
    void claim(std::string_view name);

    bool took_stdin() const { return stdin_taken_; }

  private:
    void take_stdin();

    std::string home_;
    const base::Stop* stop_;  // ends the reading; null: nothing ends it
    bool stdin_taken_ = false;
    bool forbidden_ = false;
};

// Throws the error of a file that this part of the command line names after '@'.
[[noreturn]] void reject_file_of(const std::string& part, const base::Error& error);

}  // namespace hail::cli::input
