#include "cli/output/line_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/text.h"

namespace hail::cli::output {

namespace {

constexpr std::size_t block = 64 * 1024;

[[noreturn]] void throw_write_error(const std::string& path) {
    throw base::Error(base::Exit::output_failed,
                      "writing " + base::one_line(path) + ": " + std::strerror(errno));
}

}  // namespace

void append_on_one_line(std::string& out, std::string_view json) {
    const std::size_t begin = out.size();
    out += json;
    if (json.find('\n') != std::string_view::npos || json.find('\r') != std::string_view::npos) {
        std::replace_if(
            out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
}

LineFile::LineFile(const std::string& path) {
    if (!path.empty()) {
        file_.emplace(path);
        is_terminal_ = ::isatty(file_->number()) == 1;
    }
}

void LineFile::write(std::string_view text) {
    if (!file_) {
        return;
    }
    append_on_one_line(buffer_, text);
    buffer_ += '\n';
    if (buffer_.size() >= block) {
        write_through();
    }
}

void LineFile::finish() {
    if (file_) {
        write_through();
        file_->finish();
    }
}

void LineFile::write_through() {
    if (!base::write_all(file_->number(), is_terminal_ ? base::printable(buffer_) : buffer_)) {
        throw_write_error(file_->name());
    }
    if (!buffer_.empty()) {
        file_->mark_written();
    }
    buffer_.clear();
}

}  // namespace hail::cli::output
