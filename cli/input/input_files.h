// The files that an input consists of, opened one after another, and a second time if needed.
//
// Shape:   "-" is stdin; no name means stdin. Before the first open(), keep() makes rewind() possible: the
//          content of pipes and terminals is then copied to a temporary file without a name, in the folder
//          of TMPDIR.
// Throws:  Error(no_input) for a file that cannot be read; Error(usage) for stdin named twice; after
//          keep(), open() also throws Error(output_failed) for a copy that cannot be written, and
//          Error(interrupted or terminated) for a signal during the copy.

#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/input/files.h"
#include "lib/base/owned.h"
#include "lib/base/stop.h"

namespace hail::cli::input {

class InputFiles {
  public:
    explicit InputFiles(std::vector<std::string> names);

    void keep(const base::Stop& stop) { stop_ = &stop; }

    // The next file; nothing after the last.
    std::optional<InputFile> open();

    // The share of all bytes that has been read, from 0 to 1, if this file, or none, is open; nothing unless
    // all are regular files.
    std::optional<double> share_read(const std::optional<InputFile>& current) const;

    // The first file is next again.
    void rewind() { next_ = 0; }

  private:
    struct Kept {
        base::Descriptor copy;
        off_t begin = 0;
    };

    InputFile open_kept(std::size_t index);

    std::vector<std::string> names_;
    std::vector<std::optional<Kept>> kept_;  // one for each name
    const base::Stop* stop_ = nullptr;       // null: the files are read once
    std::size_t next_ = 0;
};

}  // namespace hail::cli::input
