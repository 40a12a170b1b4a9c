#include "cli/commands/rest_session.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cli/output/target.h"
#include "lib/base/characters.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"
#include "lib/base/write.h"
#include "lib/http/resolve.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

constexpr std::string_view mark = "#hail ";

[[noreturn]] void fail(Exit exit, const std::string& doing, const std::string& path) {
    throw Error(exit, doing + " the session " + base::one_line(path) + ": " + std::strerror(errno));
}

std::string read_if_there(const std::string& path) {
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno == ENOENT) {
        return {};
    }
    std::string text;
    std::array<char, 4096> buffer{};
    ssize_t length = file ? 1 : -1;
    while (length > 0 && (length = ::read(file.number(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(length));
    }
    if (length < 0) {
        fail(Exit::no_input, "reading", path);
    }
    return text;
}

// A device, such as /dev/null for a session that ends with the call, is written to as it is.
bool is_kept_as_it_is(const std::string& path) {
    return output::is_special(path) || output::descriptor_named(path) >= 0;
}

// Whole or not at all, whoever else reads it at the same time.
void replace(const std::string& name, const std::string& text) {
    if (is_kept_as_it_is(name)) {
        if (!base::write_all(output::open_to_write(name).number(), text)) {
            fail(Exit::output_failed, "writing", name);
        }
        return;
    }
    const std::string path = output::target_of(name);
    std::string temporary = path + ".XXXXXX";
    const base::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // with mode 0600
    if (!file || !base::write_all(file.number(), text) || ::fsync(file.number()) != 0 ||
        std::rename(temporary.c_str(), path.c_str()) != 0) {
        const int problem = errno;
        ::unlink(temporary.c_str());
        errno = problem;
        fail(Exit::output_failed, "writing", path);
    }
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(output::target_of(path)).parent_path();
    return folder.empty() ? "." : folder;
}

void make_folder(const std::string& path) {
    const std::string folder = folder_of(path);
    std::error_code problem;
    if (std::filesystem::create_directories(folder, problem)) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
    }
}

// Locked as long as the descriptor is open, so that no other call changes what is read and then written. Who holds the
// folder for longer than a call saves, such as flock(1) round this one, is not waited for.
base::Descriptor lock(const std::string& folder) {
    constexpr base::Milliseconds most(5000);
    constexpr int pause = 5;
    base::Descriptor held(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const base::Deadline end = base::Deadline::after(most);
    while (held && ::flock(held.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && !end.passed()) {
        ::poll(nullptr, 0, pause);
    }
    return held;
}

// About one request and its body.
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
        throw Error(Exit::usage, "option --session: '" + base::one_line(session) + "' is no name",
                    "a name has letters, digits and . _ - @; a file is written with a /, as ./cookies.txt");
    }
    return folder + "/" + session;
}

Session::Session(std::string path) : path_(std::move(path)) {
    if (path_.empty()) {
        return;
    }
    const std::string text = read_if_there(path_);
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
}

void Session::expect_to_save() const {
    if (path_.empty() || output::descriptor_named(path_) >= 0) {
        return;
    }
    make_folder(path_);
    const bool special = output::is_special(path_);
    const std::string written = special ? path_ : folder_of(path_);
    if (::access(written.c_str(), special ? W_OK : W_OK | X_OK) != 0) {
        fail(Exit::output_failed, "writing", path_);
    }
}

// Others may have written the file since it was read.
void Session::renew() {
    const std::string text = read_if_there(path_);
    cookies_.renew(text, now());
    lines_.clear();
    read_headers(text);
    apply(typed_);
}

void Session::save() {
    if (path_.empty() || (!changed_ && !cookies_.changed())) {
        return;
    }
    base::Descriptor locked;
    if (!is_kept_as_it_is(path_)) {
        make_folder(path_);
        locked = lock(folder_of(path_));
        renew();
    }
    std::string text = cookies_.write(now());
    for (const Line& line : lines_) {
        text += std::string(mark) + line.origin + " " + line.header.name + ": " + line.header.value + "\n";
    }
    replace(path_, text);
    changed_ = false;
}

}  // namespace hail::cli::rest
