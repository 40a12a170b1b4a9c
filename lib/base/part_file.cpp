#include "lib/base/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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
        Descriptor descriptor(
            ::open(part.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode));
        if (!descriptor) {
            throw_write_error(part, errno == ELOOP ? "it is a symbolic link" : std::strerror(errno));
        }
        lock(descriptor, part);
        if (!is_still_named(descriptor, part)) {
            continue;
        }
        if (replaces && ::fchmod(descriptor.number(), mode) != 0) {
            throw_write_error(part, std::strerror(errno));
        }
        return descriptor;
    }
}

}  // namespace hail::base
