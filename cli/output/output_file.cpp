#include "cli/output/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"

namespace hail::cli::output {

using base::Error;
using base::Exit;

OutputFile::OutputFile(const std::string& path) {
    if (path.empty() || path == "-" || base::named_descriptor(path) == STDOUT_FILENO) {
        return;
    }
    const bool in_place = base::is_written_in_place(path);
    path_ = in_place ? path : base::resolve_links(path);
    opened_ = in_place ? path : base::part_of(path_);
    file_ = in_place ? base::open_for_writing(opened_) : base::open_part(path_);
    if (!in_place && ::ftruncate(file_.number(), 0) != 0) {
        throw Error(Exit::output_failed, "writing " + opened_ + ": " + std::strerror(errno));
    }
}

OutputFile::~OutputFile() {
    if (file_ && !written_ && opened_ != path_) {
        ::unlink(opened_.c_str());
    }
}

std::string OutputFile::keep_part() {
    const bool part = file_ && written_ && opened_ != path_ && !settled_;
    settled_ = true;
    return part ? opened_ : std::string();
}

void OutputFile::finish() {
    written_ = true;  // an empty file is a result too
    if (file_ && opened_ != path_ && !std::exchange(settled_, true) &&
        std::rename(opened_.c_str(), path_.c_str()) != 0) {
        throw Error(Exit::output_failed,
                    "renaming " + opened_ + " to " + path_ + ": " + std::strerror(errno));
    }
}

}  // namespace hail::cli::output
