#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "lib/base/digest.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/http/disposition.h"
#include "lib/rest/download.h"

// The end of a download: its checks, and its name. The other half is in download.cpp.

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

}  // namespace

// The options that resume this part, whether the server or the user named it; empty if it cannot be resumed.
std::string Download::command_to_go_on() const {
    if (tag_.empty()) {
        return "";
    }
    const bool found = !options_.file.empty() || name_ == http::download_name({}, url_, "");
    return found ? "--continue" : "--continue -o " + base::shell_quote(name_);
}

void Download::check_size() const {
    const bool short_of = whole_ && size_ != *whole_;
    if (!short_of && !endless_) {
        return;
    }
    const std::string why =
        short_of ? "received " + std::to_string(size_) + " of " + std::to_string(*whole_) + " bytes"
                 : "received " + std::to_string(size_) + " bytes, and the server does not give the total";
    const std::string command = command_to_go_on();
    throw Error(Exit::unknown, "downloading " + base::one_line(name_) + ": " + why,
                command.empty() ? "" : "resume with " + command);
}

bool Download::finish(const http::Result& result) {
    if (state_ == State::finished_before && !result.failure) {
        report_finished();
        return true;
    }
    const bool over = state_ == State::writing || state_ == State::there_already;
    if (!over || result.failure) {
        if (size_ > 0 && state_ != State::finished_before) {
            const std::string command = command_to_go_on();
            sink_.note("kept " + base::format_size(size_) + " in " + base::part_of(name_) +
                       (command.empty() ? "" : "; resume with " + command));
        }
        return false;
    }
    check_size();
    check_digest(file_.number(), "in " + base::part_of(name_));
    mark_finished(file_.number(), {tag_, source_of(url_), size_});
    if (::fsync(file_.number()) != 0) {
        base::throw_output_error("writing", base::part_of(name_));
    }
    if (drop_same_bytes()) {
        return true;
    }
    const std::string tag_file = tag_file_of(name_);
    rename();
    ::unlink(tag_file.c_str());
    sink_.note("saved " + base::one_line(name_) + " (" + base::format_size(size_) + ")");
    return true;
}

void Download::report_finished() {
    const base::Descriptor file(::open(name_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        base::throw_output_error("reading", name_);
    }
    check_digest(file.number(), "as " + base::one_line(name_));
    sink_.note(base::one_line(name_) + " is already complete (" + base::format_size(kept_.size) + ")");
}

// A finished file without a validator cannot be asked about: it came again, and may be the same.
bool Download::drop_same_bytes() {
    const bool again = options_.resume && options_.file.empty() && name_ != wanted_;
    const base::Descriptor old(again ? ::open(wanted_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1);
    if (!old || !base::have_same_bytes(old.number(), file_.number())) {
        return false;
    }
    ::unlink(base::part_of(name_).c_str());
    ::unlink(tag_file_of(name_).c_str());
    sink_.note(base::one_line(wanted_) + " is already complete (" + base::format_size(size_) +
               "): the same bytes came again");
    return true;
}

void Download::check_digest(int descriptor, const std::string& place) {
    if (options_.sha256.empty()) {
        return;
    }
    base::Digest digest(base::Digest::Kind::sha256);
    std::string block(256 * 1024, '\0');
    off_t at = 0;
    ssize_t count = 0;
    while ((count = ::pread(descriptor, block.data(), block.size(), at)) > 0) {
        digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
        at += count;
    }
    if (count < 0) {
        base::throw_output_error("reading", name_);
    }
    const std::string hex = digest.hex();
    if (hex != base::lower(options_.sha256)) {
        if (file_) {
            keep_tag("");  // the part cannot be resumed
        }
        throw Error(Exit::bad_reply, "downloading " + base::one_line(name_) + ": its SHA-256 is " + hex,
                    "the download was kept " + place);
    }
}

void Download::rename() {
    if (!options_.file.empty()) {
        if (std::rename(base::part_of(name_).c_str(), name_.c_str()) != 0) {
            base::throw_output_error("renaming to", name_);
        }
        return;
    }
    // link(2) never replaces a file, not even one made since the name was chosen.
    const std::string from = base::part_of(name_);
    const std::string wanted = name_;
    for (int number = 0; ::link(from.c_str(), name_.c_str()) != 0; ++number) {
        if (errno != EEXIST || number > 100) {
            base::throw_output_error("renaming to", name_);
        }
        name_ = http::free_name(wanted, base::exists);
    }
    ::unlink(from.c_str());
}

}  // namespace hail::rest
