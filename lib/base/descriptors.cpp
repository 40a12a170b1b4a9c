#include "lib/base/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace hail::base {

void fill_standard_descriptors() {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
        if (::fcntl(number, F_GETFD) < 0) {
            // The lowest free number is this one. It is opened the wrong way round: stdin cannot be read.
            ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

std::size_t free_descriptors() {
    constexpr rlim_t most = 65'536;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return most;
    }
    const int end = static_cast<int>(std::min(limit.rlim_cur, most));
    std::size_t open = 0;
    for (int number = 0; number < std::min(end, 256); ++number) {  // hail opens few before it counts
        if (::fcntl(number, F_GETFD) >= 0) {
            ++open;
        }
    }
    return static_cast<std::size_t>(end) - open;
}

}  // namespace hail::base
