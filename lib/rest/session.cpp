#include "lib/rest/session.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"
#include "lib/http/resolve.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

constexpr std::string_view mark = "#hail ";

// Saving never takes this long. A process that holds the folder for longer, such as flock(1) around this one,
// is not waited for.
constexpr base::Milliseconds longest_lock_wait(5000);

[[noreturn]] void throw_write_error(const std::string& path) {
    throw Error(Exit::output_failed,
                "writing the session " + base::one_line(path) + ": " + std::strerror(errno));
}

std::string read_session(const std::string& path, bool* is_private = nullptr) {
    const std::string what = "the session " + base::one_line(path);
    const auto file = base::open_if_present(path, what);
    if (is_private != nullptr) {
        *is_private = !file || base::is_private(file->number());
    }
    return file ? base::read_to_end(file->number(), what) : std::string();
}

// A reader sees the old session or the new one, never a part. A device such as /dev/null is written in place.
void write_session(const std::string& path, const std::string& text) {
    const bool written = base::is_written_in_place(path)
                             ? base::write_all(base::open_for_writing(path).number(), text)
                             : base::replace_file(base::resolve_links(path), text);
    if (!written) {
        throw_write_error(path);
    }
}

std::string session_folder(const std::string& path) {
    return base::folder_of(base::resolve_links(path));
}

// True for a header about one request or its body, which is not kept.
bool is_passing(const std::string& name) {
    static constexpr std::array<std::string_view, 15> names{"Host",
                                                            "Cookie",
                                                            "Range",
                                                            "Date",
                                                            "Expect",
                                                            "Accept",
                                                            "Prefer",
                                                            "Accept-Encoding",
                                                            "TE",
                                                            "Connection",
                                                            "Digest",
                                                            "Idempotency-Key",
                                                            "Upgrade",
                                                            "Transfer-Encoding",
                                                            "X-HTTP-Method-Override"};
    const std::string lower = base::lower(name);
    return lower.starts_with("content-") || lower.starts_with("if-") ||
           std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return base::equal_ignoring_case(one, name); });
}

http::Time now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string session_path(const std::string& session, const std::string& folder) {
    if (session.find('/') != session.npos) {
        return session;
    }
    const bool plain =
        !session.empty() && session.front() != '.' && std::all_of(session.begin(), session.end(), [](char c) {
            return base::is_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '@';
        });
    if (!plain) {
        throw Error(
            Exit::usage, "option --session: '" + base::one_line(session) + "' is not a valid name",
            "a name consists of letters, digits and . _ - @; write a file with a /, as ./cookies.txt");
    }
    return folder + "/" + session;
}

Session::Session(std::string path, Folder folder) : path_(std::move(path)), folder_(folder) {
    if (path_.empty()) {
        return;
    }
    const std::string text = read_session(path_, &is_private_);
    try {
        cookies_.read(text);
    } catch (const Error& error) {
        throw Error(error.exit(), base::one_line(path_) + ": " + error.what(), error.hint());
    }
    read_headers(text);
}

void Session::read_headers(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = std::string_view(text).substr(at, end - at);
        at = end + 1;
        const std::size_t space = line.starts_with(mark) ? line.find(' ', mark.size()) : line.npos;
        const std::size_t colon = space == line.npos ? line.npos : line.find(": ", space);
        if (colon != line.npos) {
            lines_.push_back({std::string(line.substr(mark.size(), space - mark.size())),
                              {std::string(line.substr(space + 1, colon - space - 1)),
                               std::string(base::trim(line.substr(colon + 2)))}});
        }
    }
}

std::vector<http::Header> Session::headers(const std::string& url) const {
    std::vector<http::Header> found;
    for (const Line& line : lines_) {
        if (line.origin == http::origin(url)) {
            found.push_back(line.header);
        }
    }
    return found;
}

void Session::apply(const Typed& typed) {
    const auto forget = [&](const std::string& name) {
        std::erase_if(lines_, [&](const Line& line) {
            return line.origin == typed.origin && base::equal_ignoring_case(line.header.name, name);
        });
    };
    for (const std::string& name : typed.dropped) {
        forget(name);
    }
    for (const http::Header& header : typed.headers) {
        forget(header.name);
    }
    for (const http::Header& header : typed.headers) {
        if (!is_passing(header.name)) {
            lines_.push_back({typed.origin, header});
        }
    }
}

void Session::keep(const std::string& url, const std::vector<http::Header>& typed,
                   const std::vector<std::string>& dropped) {
    const std::vector<Line> before = lines_;
    typed_ = {std::string(http::origin(url)), typed, dropped};
    apply(typed_);
    changed_ = changed_ || lines_ != before;
    const http::Header* const host = http::find(typed, "Host");
    const std::string owner = http::cookie_url(url, host != nullptr ? host->value : std::string());
    for (const http::Header& header : typed) {
        if (base::equal_ignoring_case(header.name, "Cookie")) {
            cookies_.type(header.value, owner, now());
        }
    }
}

void Session::make_folder(const std::string& folder) const {
    if (folder_ == Folder::made) {
        base::make_private_folder(folder);
    } else if (!base::is_special(folder)) {
        errno = ENOENT;
        throw_write_error(path_);
    }
}

void Session::expect_to_save() const {
    if (path_.empty() || base::named_descriptor(path_) >= 0) {
        return;
    }
    const bool special = base::is_special(path_);
    const std::string written = special ? path_ : session_folder(path_);
    if (!special) {
        make_folder(written);
    }
    if (::access(written.c_str(), special ? W_OK : W_OK | X_OK) != 0) {
        throw_write_error(path_);
    }
}

// Another process may have written the file since it was read.
void Session::renew() {
    const std::string text = read_session(path_);
    cookies_.renew(text, now());
    lines_.clear();
    read_headers(text);
    apply(typed_);
}

std::optional<Error> Session::save() {
    if (path_.empty() || (!changed_ && !cookies_.changed())) {
        return std::nullopt;
    }
    try {
        write();
    } catch (const Error& unsaved) {
        return unsaved;
    }
    changed_ = false;
    return std::nullopt;
}

void Session::write() {
    base::Descriptor locked;
    if (!base::is_written_in_place(path_)) {
        const std::string folder = session_folder(path_);
        make_folder(folder);
        locked = base::lock_folder(folder, longest_lock_wait);
        renew();
    }
    std::string text = cookies_.write(now());
    for (const Line& line : lines_) {
        text += std::string(mark) + line.origin + " " + line.header.name + ": " + line.header.value + "\n";
    }
    write_session(path_, text);
}

}  // namespace hail::rest
