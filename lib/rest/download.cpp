#include "lib/rest/download.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "lib/base/digest.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/http/content_range.h"
#include "lib/http/decode.h"
#include "lib/http/disposition.h"
#include "lib/http/validator.h"
#include "lib/rest/part_tag.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

[[noreturn]] void throw_file_error(const std::string& doing, const std::string& path) {
    throw Error(Exit::output_failed, doing + " " + base::one_line(path) + ": " + std::strerror(errno));
}

[[noreturn]] void throw_bad_reply(const std::string& name, const std::string& why, std::string hint = {}) {
    throw Error(Exit::bad_reply, "downloading " + base::one_line(name) + ": " + why, std::move(hint));
}

// The finished download would replace anything else than a regular file.
void check_target(const std::string& path) {
    if (path == "-" || base::is_written_in_place(path)) {
        throw Error(Exit::output_failed,
                    "downloading to " + base::one_line(path) + ": it is not a regular file",
                    "use -o without -O to write to a device or a pipe");
    }
}

std::uint64_t size_of(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

std::string validator_of(const http::ReplyHead& head) {
    return http::strong_validator(head,
                                  std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

// A part without a tag does not come from a download: it is somebody's own file.
bool is_taken(const std::string& name) {
    return base::exists(name) || (base::exists(base::part_of(name)) && !base::exists(tag_file_of(name)));
}

void check(const DownloadOptions& options, const http::Request& request) {
    if (request.method == "HEAD") {
        throw Error(Exit::usage, "--download does not work with HEAD, which has no body to save");
    }
    if (options.resume && request.method != "GET") {
        throw Error(Exit::usage, "--continue works only with GET");
    }
    const std::string& digest = options.sha256;
    const bool digits = digest.find_first_not_of("0123456789abcdefABCDEF") == digest.npos;
    if (!digest.empty() && (digest.size() != 64 || !digits)) {
        throw Error(Exit::usage,
                    "option --sha256: '" + base::one_line(digest) + "' is not 64 hexadecimal digits",
                    "sha256sum FILE prints a digest of this form");
    }
}

std::optional<std::uint64_t> length_of(const http::ReplyHead& head) {
    const bool decoded =
        http::coding_of(head) == http::Coding::gzip || http::coding_of(head) == http::Coding::deflate;
    return decoded ? std::nullopt : http::stated_length(head);
}

}  // namespace

void Download::prepare(http::Request& request) {
    check(options_, request);
    if (!options_.file.empty()) {
        check_target(options_.file);
        options_.file = base::resolve_links(options_.file);
    }
    url_ = request.url;
    set_header(request, "Accept-Encoding", "identity");
    if (!options_.resume) {
        return;
    }
    name_ = options_.file.empty() ? http::download_name({}, request.url, "") : options_.file;
    const std::uint64_t there = size_of(base::part_of(name_));
    const PartTag tag = read_tag(name_);
    tag_ = tag.validator;
    if (there == 0) {
        return;
    }
    if (!tag.source.empty() && tag.source != source_of(url_)) {
        sink_.note(base::part_of(name_) + " came from another URL; restarting");
        tag_.clear();
        return;
    }
    if (tag_.empty()) {
        sink_.note("cannot resume " + base::part_of(name_) +
                   " without a usable ETag or Last-Modified; restarting");
        return;
    }
    before_ = there;
    ask_for_rest(request);
}

void Download::ask_for_rest(http::Request& request) {
    set_header(request, "Range", "bytes=" + std::to_string(before_) + "-");
    set_header(request, "If-Range", tag_);
}

bool Download::resume(http::Request& request) {
    if (state_ != State::writing) {
        return false;
    }
    drop_header(request, "Range");
    drop_header(request, "If-Range");
    before_ = request.method == "GET" && !tag_.empty() ? size_ : 0;
    if (before_ > 0) {
        ask_for_rest(request);
    }
    return true;
}

void Download::head(const http::ReplyHead& head) {
    if (head.status() == 206 && before_ > 0) {
        go_on(head);
    } else if (head.status() == 416 && before_ > 0) {
        compare_size(head);
    } else if (head.status() >= 200 && head.status() < 300 && head.status() != 206) {
        begin(head);
    } else {
        state_ = State::elsewhere;
        other_.head(head);
    }
}

void Download::begin(const http::ReplyHead& head) {
    if (before_ > 0) {
        sink_.note("the server sends all of " + base::one_line(name_) + "; restarting");
    }
    if (!options_.file.empty()) {
        name_ = options_.file;
    } else if (name_.empty()) {
        const std::string name = http::download_name(head.find("Content-Disposition"), url_,
                                                     head.find("Content-Type").value_or(""));
        name_ = http::free_name(name, is_taken);
    }
    before_ = 0;
    size_ = 0;
    whole_ = length_of(head);
    endless_ = false;
    open(Content::dropped);
    keep_tag(head.find("Content-Encoding") ? "" : validator_of(head));
    sink_.receiving(0, whole_);
    state_ = State::writing;
}

void Download::go_on(const http::ReplyHead& head) {
    const auto range = http::parse_content_range(head.find("Content-Range").value_or(""));
    if (!range || !range->span || range->span->first != before_) {
        throw_bad_reply(name_, "the reply is not the range that was requested");
    }
    const std::string tag = validator_of(head);
    if (head.find("Content-Encoding") ||
        (!tag.empty() && tag.starts_with('"') && tag_.starts_with('"') && tag != tag_)) {
        throw_bad_reply(name_, "the reply belongs to another version of the file",
                        "omit --continue to restart");
    }
    whole_ = range->total;
    endless_ = !range->total;
    size_ = before_;
    open(Content::kept);
    sink_.receiving(before_, whole_);
    state_ = State::writing;
}

void Download::compare_size(const http::ReplyHead& head) {
    const auto range = http::parse_content_range(head.find("Content-Range").value_or(""));
    if (!range || range->total != before_) {
        throw_bad_reply(
            name_,
            "the server sends nothing after byte " + std::to_string(before_) +
                (range && range->total ? "; its file has " + std::to_string(*range->total) + " bytes"
                                       : std::string()),
            "omit --continue to restart");
    }
    size_ = before_;
    endless_ = false;
    open(Content::kept);
    state_ = State::there_already;
}

void Download::open(Content content) {
    if (!file_) {
        file_ = base::open_part(name_);
    }
    const auto length = static_cast<off_t>(content == Content::kept ? before_ : 0);
    if (::ftruncate(file_.number(), length) != 0 || ::lseek(file_.number(), length, SEEK_SET) != length) {
        throw_file_error("writing", base::part_of(name_));
    }
}

// Written even without a validator: the file shows that the part comes from a download.
void Download::keep_tag(std::string tag) {
    tag_ = std::move(tag);
    write_tag(name_, {tag_, source_of(url_)});
}

void Download::body(std::string_view bytes) {
    if (state_ == State::elsewhere) {
        other_.body(bytes);
    }
    if (state_ != State::writing) {
        return;
    }
    if (!base::write_all(file_.number(), bytes)) {
        throw_file_error("writing", base::part_of(name_));
    }
    size_ += bytes.size();
    sink_.received(size_);
}

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
    const bool over = state_ == State::writing || state_ == State::there_already;
    if (!over || result.failure) {
        if (size_ > 0) {
            const std::string command = command_to_go_on();
            sink_.note("kept " + base::format_size(size_) + " in " + base::part_of(name_) +
                       (command.empty() ? "" : "; resume with " + command));
        }
        return false;
    }
    check_size();
    check_digest();
    if (::fsync(file_.number()) != 0) {
        throw_file_error("writing", base::part_of(name_));
    }
    const std::string tag_file = tag_file_of(name_);
    rename();
    ::unlink(tag_file.c_str());
    sink_.note("saved " + base::one_line(name_) + " (" + base::format_size(size_) + ")");
    return true;
}

void Download::check_digest() {
    if (options_.sha256.empty()) {
        return;
    }
    base::Digest digest(base::Digest::Kind::sha256);
    std::string block(256 * 1024, '\0');
    off_t at = 0;
    ssize_t count = 0;
    while ((count = ::pread(file_.number(), block.data(), block.size(), at)) > 0) {
        digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
        at += count;
    }
    if (count < 0) {
        throw_file_error("reading", base::part_of(name_));
    }
    const std::string hex = digest.hex();
    if (hex != base::lower(options_.sha256)) {
        keep_tag("");  // the part cannot be resumed
        throw_bad_reply(name_, "its SHA-256 is " + hex, "the download was kept in " + base::part_of(name_));
    }
}

void Download::rename() {
    if (!options_.file.empty()) {
        if (std::rename(base::part_of(name_).c_str(), name_.c_str()) != 0) {
            throw_file_error("renaming to", name_);
        }
        return;
    }
    // link(2) never replaces a file, not even one made since the name was chosen.
    const std::string from = base::part_of(name_);
    const std::string wanted = name_;
    for (int number = 0; ::link(from.c_str(), name_.c_str()) != 0; ++number) {
        if (errno != EEXIST || number > 100) {
            throw_file_error("renaming to", name_);
        }
        name_ = http::free_name(wanted, base::exists);
    }
    ::unlink(from.c_str());
}

}  // namespace hail::rest
