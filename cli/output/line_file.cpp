#include "cli/output/line_file.h"

#include <unistd.h>

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/text.h"

namespace hail::cli::output {

void append_on_one_line(std::string& out, std::string_view json) {
    const std::size_t begin = out.size();
    out += json;
    if (json.find('\n') != std::string_view::npos || json.find('\r') != std::string_view::npos) {
        std::replace_if(
            out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
}

LineFile::LineFile(const std::string& path, OutputFile::Opening opening) {
    if (!path.empty()) {
        file_.emplace(path, opening);
        is_terminal_ = ::isatty(file_->number()) == 1;
    }
}

void LineFile::write(std::string_view text) {
    if (!file_) {
        return;
    }
    append_on_one_line(buffer_, text);
    append("\n");
}

void LineFile::append(std::string_view text) {
    if (file_) {
        buffer_ += text;
        if (is_full()) {
            flush();
        }
    }
}

void LineFile::finish() {
    if (file_) {
        flush();
        file_->finish();
    }
}

void LineFile::continue_at(std::uint64_t size) {
    if (file_) {
        file_->continue_at(size);
        size_ = size;
    }
}

std::string LineFile::keep_part() {
    flush();
    return file_ ? file_->keep_part() : std::string();
}

void LineFile::sync() {
    if (file_ && ::fdatasync(file_->number()) != 0) {
        base::throw_output_error("writing", file_->name());
    }
}

void LineFile::flush() {
    if (!file_) {
        return;
    }
    if (!base::write_all(file_->number(), is_terminal_ ? base::printable(buffer_) : buffer_)) {
        base::throw_output_error("writing", file_->name());
    }
    if (!buffer_.empty()) {
        file_->mark_written();
    }
    size_ += buffer_.size();
    buffer_.clear();
}

}  // namespace hail::cli::output
