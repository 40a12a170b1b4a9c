#include "lib/base/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

constexpr mode_t everybody = 0666;

[[noreturn]] void throw_write_error(const std::string& part, const std::string& why, std::string hint = {}) {
    throw Error(Exit::output_failed, "writing " + one_line(part) + ": " + why, std::move(hint));
}

void lock(const Descriptor& descriptor, const std::string& part) {
    if (!lock_now(descriptor)) {
        throw_write_error(part, "another hail process is writing it",
                          "wait for it, or name another file with -o");
    }
}

// Between open and lock, the part may have become the file, and its name may belong to a new part.
bool is_still_named(const Descriptor& descriptor, const std::string& part) {
    struct stat opened {};
    struct stat named {};
    if (::fstat(descriptor.number(), &opened) != 0 || !S_ISREG(opened.st_mode)) {
        throw_write_error(part, "it is not a regular file");
    }
    return ::lstat(part.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

// Throws for a part that another user owns, or that is another file too.
void check_is_ours(const Descriptor& descriptor, const std::string& part) {
    struct stat facts {};
    if (::fstat(descriptor.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return;
    }
    if (facts.st_uid != ::geteuid()) {
        throw_write_error(part, "it belongs to another user", "remove it, or name another file with -o");
    }
    if (facts.st_nlink > 1) {
        throw_write_error(part, "it has another name as well (a hard link)",
                          "remove it, or name another file with -o");
    }
}

// None if the part disappeared between the two attempts. A new file is not checked: some file systems give it
// to another user, as NFS does for root.
std::optional<Descriptor> open_or_make(const std::string& part, mode_t mode) {
    constexpr int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    Descriptor made(::open(part.c_str(), flags | O_CREAT | O_EXCL, mode));
    if (made) {
        return made;
    }
    Descriptor kept(errno == EEXIST ? ::open(part.c_str(), flags) : -1);
    if (kept) {
        check_is_ours(kept, part);
        return kept;
    }
    if (errno == ENOENT && exists(folder_of(part))) {
        return std::nullopt;
    }
    throw_write_error(part, errno == ELOOP ? "it is a symbolic link" : std::strerror(errno));
}

}  // namespace

std::string part_of(const std::string& file) {
    return file + ".part";
}

Descriptor open_part(const std::string& file) {
    const std::string part = part_of(file);
    constexpr mode_t permissions = 0777;
    struct stat replaced {};
    const bool replaces = ::stat(file.c_str(), &replaced) == 0;
    const mode_t mode = replaces ? (replaced.st_mode & permissions) | S_IWUSR : everybody;
    while (true) {
        std::optional<Descriptor> descriptor = open_or_make(part, mode);
        if (!descriptor) {
            continue;
        }
        lock(*descriptor, part);
        if (!is_still_named(*descriptor, part)) {
            continue;
        }
        if (replaces && ::fchmod(descriptor->number(), mode) != 0) {
            throw_write_error(part, std::strerror(errno));
        }
        return std::move(*descriptor);
    }
}

}  // namespace hail::base
