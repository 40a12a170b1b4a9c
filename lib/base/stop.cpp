#include "lib/base/stop.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace hail::base {

Stop::Stop() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

void Stop::raise(int signal) noexcept {
    const int saved = errno;
    int none = 0;
    signal_.compare_exchange_strong(none, signal);
    count_.fetch_add(1);
    const std::uint64_t one = 1;
    // The counter can only be full if it is readable already, which is all that is wanted.
    [[maybe_unused]] const auto written = ::write(event_.number(), &one, sizeof one);
    errno = saved;
}

Exit Stop::exit() const noexcept {
    return raised() == SIGINT ? Exit::interrupted : Exit::terminated;
}

}  // namespace hail::base
