#include "cli/output/target.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::output {

std::string target_of(const std::string& path) {
    const base::Owned<char, std::free> real(::realpath(path.c_str(), nullptr));
    return real ? real.get() : path;
}

bool is_special(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode);
}

int descriptor_named(const std::string& path) {
    if (path == "/dev/stdout" || path == "/dev/stderr") {
        return path == "/dev/stdout" ? STDOUT_FILENO : STDERR_FILENO;
    }
    constexpr std::array<std::string_view, 2> folders{"/dev/fd/", "/proc/self/fd/"};
    for (const std::string_view folder : folders) {
        constexpr std::uint64_t most = 1'000'000;
        const auto number =
            path.starts_with(folder) ? base::parse_number(path.substr(folder.size())) : std::nullopt;
        if (number && *number < most) {
            return static_cast<int>(*number);
        }
    }
    return -1;
}

base::Descriptor open_to_write(const std::string& path, Begin begin) {
    constexpr mode_t everybody = 0666;
    const int named = descriptor_named(path);
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (begin == Begin::anew ? O_TRUNC : O_APPEND);
    base::Descriptor file(named >= 0 ? ::fcntl(named, F_DUPFD_CLOEXEC, 3)
                                     : ::open(path.c_str(), flags, everybody));
    if (!file) {
        throw base::Error(base::Exit::output_failed,
                          "writing " + base::one_line(path) + ": " + std::strerror(errno));
    }
    return file;
}

}  // namespace hail::cli::output
