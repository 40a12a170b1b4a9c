#include "lib/base/output_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/part_file.h"
#include "lib/base/text.h"

namespace hail::base {

std::string resolve_links(const std::string& path) {
    const Owned<char, std::free> real(::realpath(path.c_str(), nullptr));
    return real ? real.get() : path;
}

bool is_special(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode);
}

int named_descriptor(const std::string& path) {
    if (path == "/dev/stdout" || path == "/dev/stderr") {
        return path == "/dev/stdout" ? STDOUT_FILENO : STDERR_FILENO;
    }
    constexpr std::array<std::string_view, 2> folders{"/dev/fd/", "/proc/self/fd/"};
    for (const std::string_view folder : folders) {
        constexpr std::uint64_t most = 1'000'000;
        const auto number =
            path.starts_with(folder) ? parse_number(path.substr(folder.size())) : std::nullopt;
        if (number && *number < most) {
            return static_cast<int>(*number);
        }
    }
    return -1;
}

bool is_written_in_place(const std::string& path) {
    return is_special(path) || named_descriptor(path) >= 0;
}

// Also through a link to a file that does not exist yet.
std::string opened_file(const std::string& typed) {
    std::string path = typed;
    constexpr int most_links = 40;
    for (int links = 0; links < most_links && !typed.empty(); ++links) {
        const std::string folder = resolve_links(folder_of(path));
        path = (folder == "/" ? "" : folder) + "/" + path.substr(path.rfind('/') + 1);
        std::array<char, PATH_MAX> target{};
        const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
        if (length <= 0) {
            break;
        }
        const std::string next(target.data(), static_cast<std::size_t>(length));
        path = next.starts_with('/') ? next : folder + "/" + next;
    }
    return path;
}

bool write_the_same_file(const std::string& one, const std::string& other) {
    for (const std::string* path : {&one, &other}) {
        if (path->empty() || *path == "-" || is_written_in_place(*path)) {
            return false;
        }
    }
    const std::string first = opened_file(one);
    const std::string second = opened_file(other);
    return first == second || part_of(first) == second || first == part_of(second);
}

void throw_output_error(const std::string& doing, const std::string& path) {
    throw Error(Exit::output_failed, doing + " " + one_line(path) + ": " + std::strerror(errno));
}

void require_writable_folder(const std::string& path) {
    if (::access(folder_of(path).c_str(), W_OK | X_OK) != 0) {
        throw_output_error("writing", path);
    }
}

Descriptor open_for_writing(const std::string& path, WriteMode mode) {
    constexpr mode_t everybody = 0666;
    const int named = named_descriptor(path);
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (mode == WriteMode::truncate ? O_TRUNC : O_APPEND);
    Descriptor file(named >= 0 ? ::fcntl(named, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), flags, everybody));
    if (!file) {
        throw_output_error("writing", path);
    }
    return file;
}

}  // namespace hail::base
