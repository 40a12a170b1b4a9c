#include "lib/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

constexpr std::size_t longest_line = std::size_t{1} << 20U;

[[noreturn]] void throw_read_error(const std::string& what, const std::string& why) {
    throw Error(Exit::no_input, "reading " + what + ": " + why);
}

// Reads one piece; empty at the end.
std::string_view read_piece(int descriptor, std::span<char> buffer, const std::string& what) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) {  // EINTR too: a signal ends the wait for the writer of a pipe
        throw_read_error(what, std::strerror(errno));
    }
    return {buffer.data(), static_cast<std::size_t>(count)};
}

}  // namespace

std::optional<Descriptor> open_if_present(const std::string& path, const std::string& what) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno == ENOENT) {
        return std::nullopt;
    }
    if (!file) {
        throw_read_error(what, std::strerror(errno));
    }
    return file;
}

std::string read_to_end(int descriptor, const std::string& what) {
    std::array<char, 16UL * 1024> buffer{};
    std::string text;
    for (std::string_view piece = read_piece(descriptor, buffer, what); !piece.empty();
         piece = read_piece(descriptor, buffer, what)) {
        text += piece;
        if (text.size() > most_read) {
            throw_read_error(what, "it is larger than " + format_size(most_read));
        }
    }
    return text;
}

std::optional<std::string> read_file(const std::string& path, const std::string& what) {
    const auto file = open_if_present(path, what);
    return file ? std::optional(read_to_end(file->number(), what)) : std::nullopt;
}

std::string read_first_line(const std::string& path, const std::string& what) {
    const auto file = open_if_present(path, what);
    if (!file) {
        throw_read_error(what, std::strerror(ENOENT));
    }
    std::array<char, 4096> buffer{};
    std::string text;
    std::size_t end = text.npos;
    while (end == text.npos) {
        const std::string_view piece = read_piece(file->number(), buffer, what);
        if (piece.empty()) {
            break;
        }
        text += piece;
        end = text.find('\n', text.size() - piece.size());
        if (text.size() > longest_line) {
            throw_read_error(what, "its first line is longer than 1 MiB");
        }
    }
    text.resize(std::min(end, text.size()));
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    return std::string(without_byte_order_mark(text));
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

void make_private_folder(const std::string& folder) {
    std::filesystem::path path;
    for (const std::filesystem::path& part : std::filesystem::path(folder)) {
        path /= part;
        ::mkdir(path.c_str(), S_IRWXU);  // a failure shows when a file is made in the folder
    }
}

bool is_private(int descriptor) {
    struct stat facts {};
    return ::fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode) ||
           (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

std::string expand_home(std::string_view path, const std::string& home) {
    const bool at_home = path == "~" || path.starts_with("~/");
    return at_home && !home.empty() ? home + std::string(path.substr(1)) : std::string(path);
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder;
}

Descriptor open_unnamed_file(const std::string& folder) {
    std::string name = folder + "/hail-XXXXXX";
    Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (file && ::unlink(name.c_str()) != 0) {
        return {};
    }
    return file;
}

TemporaryFile::TemporaryFile(const std::string& path) : name_(path + ".XXXXXX") {
    file_ = Descriptor(::mkostemp(name_.data(), O_CLOEXEC));
    if (!file_) {
        name_.clear();
    }
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : file_(std::move(other.file_)), name_(std::exchange(other.name_, {})) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(name_, other.name_);
    return *this;
}

TemporaryFile::~TemporaryFile() {
    if (!name_.empty()) {
        const int reason = errno;
        ::unlink(name_.c_str());
        errno = reason;
    }
}

bool TemporaryFile::rename_to(const std::string& path) {
    if (name_.empty() || std::rename(name_.c_str(), path.c_str()) != 0) {
        return false;
    }
    name_.clear();
    return true;
}

bool replace_file(const std::string& path, std::string_view bytes) {
    TemporaryFile file(path);
    return file && write_all(file.number(), bytes) && ::fsync(file.number()) == 0 && file.rename_to(path);
}

bool lock_now(const Descriptor& file) {
    return ::flock(file.number(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

Descriptor lock_folder(const std::string& folder, Milliseconds patience) {
    constexpr int pause = 5;  // milliseconds
    Descriptor held(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Deadline end = Deadline::after(patience);
    while (held && !lock_now(held) && !end.passed()) {
        ::poll(nullptr, 0, pause);
    }
    return held;
}

bool have_same_bytes(int one, int other) {
    std::string left(64 * 1024, '\0');
    std::string right(left.size(), '\0');
    struct stat a {};
    struct stat b {};
    if (::fstat(one, &a) != 0 || ::fstat(other, &b) != 0 || a.st_size != b.st_size || !S_ISREG(a.st_mode)) {
        return false;
    }
    for (off_t at = 0; at < a.st_size;) {
        const ssize_t count = ::pread(one, left.data(), left.size(), at);
        if (count <= 0 || ::pread(other, right.data(), static_cast<std::size_t>(count), at) != count ||
            left.compare(0, static_cast<std::size_t>(count), right, 0, static_cast<std::size_t>(count)) !=
                0) {
            return false;
        }
        at += count;
    }
    return true;
}

bool exists(const std::string& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0;
}

}  // namespace hail::base
