#include "lib/rest/download.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"
#include "lib/http/decode.h"
#include "lib/http/disposition.h"
#include "lib/http/validator.h"
#include "lib/rest/part_tag.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

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

bool is_regular(const std::string& path) {
    return base::exists(path) && !base::is_written_in_place(path);
}

}  // namespace

void Download::prepare(http::Request& request) {
    check(options_, request);
    if (!options_.file.empty()) {
        check_target(options_.file);
        options_.file = base::resolve_links(options_.file);
    }
    base::require_writable_folder(options_.file.empty() ? "download" : options_.file);
    url_ = request.url;
    set_header(request, "Accept-Encoding", "identity");
    if (options_.resume) {
        find_kept();
    }
    const bool resumes = kept_.size > 0 && kept_.kind == Kept::Kind::part;
    const std::string& target = resumes ? name_ : options_.file;
    if (!target.empty() && base::exists(base::part_of(target))) {
        base::open_part(target);  // a link, a folder or another hail's part is refused now
    }
    if (kept_.size > 0) {
        ask_for_rest(request, kept_);
    }
}

void Download::find_kept() {
    name_ = options_.file.empty() ? http::download_name({}, url_, "") : options_.file;
    wanted_ = name_;
    if (size_of(base::part_of(name_)) > 0) {
        find_part();
    } else if (is_regular(name_)) {
        const PartTag tag = read_finished(name_);
        const bool known = tag.source == source_of(url_);
        kept_ = {size_of(name_), std::nullopt, known ? tag.validator : "", Kept::Kind::finished};
    }
}

void Download::find_part() {
    const PartTag tag = read_tag(name_);
    if (!tag.source.empty() && tag.source != source_of(url_)) {
        sink_.note(base::part_of(name_) + " came from another URL; restarting");
    } else if (tag.validator.empty()) {
        sink_.note("cannot resume " + base::part_of(name_) +
                   " without a usable ETag or Last-Modified; restarting");
    } else {
        tag_ = tag.validator;
        kept_ = {size_of(base::part_of(name_)), tag.size, tag.validator, Kept::Kind::part};
    }
}

http::CallResult Download::fetch(const Send& send, http::Request request) {
    while (true) {
        try {
            return send(request, *this, {});
        } catch (const NotNeeded&) {
            if (!std::exchange(asks_again_, false)) {
                return {};
            }
        }
        kept_.size > 0 ? ask_for_rest(request, kept_) : ask_for_all(request);
    }
}

bool Download::resume(http::Request& request) {
    if (state_ != State::writing) {
        return false;
    }
    kept_ = {request.method == "GET" && !tag_.empty() ? size_ : 0, whole_, tag_, Kept::Kind::part};
    kept_.size > 0 ? ask_for_rest(request, kept_) : ask_for_all(request);
    return true;
}

void Download::head(const http::ReplyHead& head) {
    const Continuation rest = continuation(head, kept_);
    switch (rest.kind) {
        case Continuation::Kind::follows:
            follow(rest);
            break;
        case Continuation::Kind::complete:
            size_ = kept_.size;
            endless_ = false;
            state_ = kept_.kind == Kept::Kind::part ? State::there_already : State::finished_before;
            if (state_ == State::there_already) {
                open(Content::kept);
            }
            break;
        case Continuation::Kind::all:
            begin(head);
            break;
        case Continuation::Kind::start_again:
            start_again(rest.why);
            break;
        case Continuation::Kind::failure:
            state_ = State::elsewhere;
            other_.head(head);
            break;
    }
}

// One more request, without a range: what follows from it is final.
void Download::start_again(const std::string& why) {
    if (started_again_) {
        throw_bad_reply(name_, why);
    }
    sink_.note(base::one_line(name_) + ": " + why + "; restarting");
    started_again_ = true;
    asks_again_ = true;
    kept_ = {};
    throw NotNeeded{};
}

bool Download::is_finished(const std::string& name, const http::ReplyHead& head) const {
    const PartTag tag = is_regular(name) ? read_finished(name) : PartTag();
    const auto length = length_of(head);
    return !tag.validator.empty() && tag.source == source_of(url_) && tag.validator == validator_of(head) &&
           tag.size == length.value_or(*tag.size);
}

// The reply may name another file than the URL does: one that is finished, or one of which there is a part.
void Download::choose_name(const http::ReplyHead& head) {
    std::string finished;
    const std::string resumed = options_.resume ? name_ : "";  // its part may be restarted
    const auto look_at = [&](const std::string& name) {
        finished = finished.empty() && options_.resume && is_finished(name, head) ? name : finished;
        return name == resumed ? base::exists(name) : is_taken(name);
    };
    if (options_.file.empty()) {
        wanted_ = http::download_name(head.find("Content-Disposition"), url_,
                                      head.find("Content-Type").value_or(""));
        name_ = http::free_name(wanted_, look_at);
    } else {
        wanted_ = options_.file;
        name_ = options_.file;
        look_at(name_);
    }
    if (!finished.empty()) {
        name_ = finished;
        kept_ = {size_of(finished), std::nullopt, validator_of(head), Kept::Kind::finished};
        state_ = State::finished_before;
        throw NotNeeded{};
    }
    const PartTag tag = options_.resume && !started_again_ ? read_tag(name_) : PartTag();
    const std::uint64_t there = size_of(base::part_of(name_));
    if (there > 0 && !tag.validator.empty() && tag.source == source_of(url_) &&
        tag.validator == validator_of(head)) {
        tag_ = tag.validator;
        kept_ = {there, tag.size, tag.validator, Kept::Kind::part};
        asks_again_ = true;
        throw NotNeeded{};
    }
}

void Download::begin(const http::ReplyHead& head) {
    const bool of_part = kept_.size > 0 && kept_.kind == Kept::Kind::part;
    if (of_part) {
        sink_.note("the server sends all of " + base::one_line(name_) + "; restarting");
    } else if (!file_) {  // else a retry: the name stays
        choose_name(head);
    }
    kept_ = {};
    size_ = 0;
    whole_ = length_of(head);
    endless_ = false;
    open(Content::dropped);
    keep_tag(head.find("Content-Encoding") ? "" : validator_of(head));
    sink_.receiving(0, whole_);
    state_ = State::writing;
}

// An overlap is written over: both have the same validator.
void Download::follow(const Continuation& rest) {
    kept_.size = rest.from;
    whole_ = rest.whole;
    endless_ = !rest.whole;
    size_ = rest.from;
    open(Content::kept);
    sink_.receiving(size_, whole_);
    state_ = State::writing;
}

void Download::open(Content content) {
    if (!file_) {
        file_ = base::open_part(name_);
    }
    const auto length = static_cast<off_t>(content == Content::kept ? kept_.size : 0);
    if (::ftruncate(file_.number(), length) != 0 || ::lseek(file_.number(), length, SEEK_SET) != length) {
        base::throw_output_error("writing", base::part_of(name_));
    }
}

// Written even without a validator: the file shows that the part comes from a download.
void Download::keep_tag(std::string tag) {
    tag_ = std::move(tag);
    write_tag(name_, {tag_, source_of(url_), whole_});
}

void Download::body(std::string_view bytes) {
    if (state_ == State::elsewhere) {
        other_.body(bytes);
    }
    if (state_ != State::writing) {
        return;
    }
    if (!base::write_all(file_.number(), bytes)) {
        base::throw_output_error("writing", base::part_of(name_));
    }
    size_ += bytes.size();
    sink_.received(size_);
}

}  // namespace hail::rest
