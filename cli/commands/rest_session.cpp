#include "cli/commands/rest_session.h"

#include <fcntl.h>
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
#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"
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

void write_all(const base::Descriptor& file, const std::string& text, const std::string& path) {
    if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        fail(Exit::output_failed, "writing", path);
    }
}

// Whole or not at all, whoever else writes it at the same time. A device, such as /dev/null for a session that ends with
// the call, is written to as it is.
void replace(const std::string& name, const std::string& text) {
    if (output::is_special(name) || output::descriptor_named(name) >= 0) {
        write_all(output::open_to_write(name), text, name);
        return;
    }
    const std::string path = output::target_of(name);
    std::string temporary = path + ".XXXXXX";
    const base::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // with mode 0600
    const auto written = file ? ::write(file.number(), text.data(), text.size()) : -1;
    if (written != static_cast<ssize_t>(text.size()) || ::fsync(file.number()) != 0 ||
        std::rename(temporary.c_str(), path.c_str()) != 0) {
        const int problem = errno;
        ::unlink(temporary.c_str());
        errno = problem;
        fail(Exit::output_failed, "writing", path);
    }
}

// About one request and its body.
bool is_passing(const std::string& name) {
    static constexpr std::array<std::string_view, 9> names{
        "Host",   "Cookie", "Range", "Date", "Expect", "Accept-Encoding", "Idempotency-Key",
        "Prefer", "Accept"};
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
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                   c == '_' || c == '-' || c == '@';
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

void Session::forget(const std::string& origin, const std::string& name) {
    const auto count = std::erase_if(lines_, [&](const Line& line) {
        return line.origin == origin && base::equal_ignoring_case(line.header.name, name);
    });
    changed_ = changed_ || count > 0;
}

void Session::keep(const std::string& url, const std::vector<http::Header>& typed,
                   const std::vector<std::string>& dropped) {
    const std::string origin(http::origin(url));
    for (const std::string& name : dropped) {
        forget(origin, name);
    }
    for (const http::Header& header : typed) {
        forget(origin, header.name);
    }
    for (const http::Header& header : typed) {
        if (!is_passing(header.name)) {
            lines_.push_back({origin, header});
            changed_ = true;
        }
    }
}

void Session::save() {
    if (path_.empty() || (!changed_ && !cookies_.changed())) {
        return;
    }
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    std::error_code problem;
    if (!folder.empty() && std::filesystem::create_directories(folder, problem)) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
    }
    std::string text = cookies_.write(now());
    for (const Line& line : lines_) {
        text += std::string(mark) + line.origin + " " + line.header.name + ": " + line.header.value + "\n";
    }
    replace(path_, text);
    changed_ = false;
}

}  // namespace hail::cli::rest
