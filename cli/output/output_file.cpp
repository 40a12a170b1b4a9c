#include "cli/output/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"

namespace hail::cli::output {

using base::Error;
using base::Exit;

OutputFile::OutputFile(const std::string& path, Opening opening) {
    if (path.empty() || path == "-" || base::named_descriptor(path) == STDOUT_FILENO) {
        return;
    }
    const bool log = opening == Opening::create || opening == Opening::append;
    const bool in_place = log || base::is_written_in_place(path);
    path_ = in_place ? path : base::resolve_links(path);
    opened_ = in_place ? path : base::part_of(path_);
    file_ = in_place
                ? base::open_for_writing(opened_, log ? base::WriteMode::append : base::WriteMode::truncate)
                : base::open_part(path_);
    if (opening == Opening::create && ::lseek(file_.number(), 0, SEEK_END) > 0) {
        throw Error(Exit::usage, "writing " + base::one_line(path) + ": it holds an earlier output",
                    "add to it with --append, remove it, or name another file");
    }
    if (!in_place && opening == Opening::begin && ::ftruncate(file_.number(), 0) != 0) {
        throw Error(Exit::output_failed, "writing " + opened_ + ": " + std::strerror(errno));
    }
}

void OutputFile::continue_at(std::uint64_t size) {
    const auto offset = static_cast<off_t>(size);
    const off_t end = ::lseek(file_.number(), 0, SEEK_END);
    if (end < offset) {
        throw Error(Exit::bad_input, "continuing " + base::one_line(opened_) + ": it is shorter than it was",
                    "remove the journal to begin again");
    }
    if (end < 0 || ::ftruncate(file_.number(), offset) != 0 ||
        ::lseek(file_.number(), offset, SEEK_SET) < 0) {
        throw Error(Exit::output_failed, "writing " + base::one_line(opened_) + ": " + std::strerror(errno));
    }
    written_ = size > 0;
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
