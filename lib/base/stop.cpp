#include "lib/base/stop.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
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

void Stop::raise(int signal, Clock::time_point now) noexcept {
    const int saved = errno;
    int none = 0;
    Clock::rep first = 0;
    const bool is_first = first_.compare_exchange_strong(first, now.time_since_epoch().count());
    if (!is_first && now - Clock::time_point(Clock::duration(first)) >= shortest_gap) {
        urgent_.store(true);
    }
    signal_.compare_exchange_strong(none, signal);
    const std::uint64_t one = 1;
    // A full counter is already readable, and nothing more is needed.
    [[maybe_unused]] const auto written = ::write(event_.number(), &one, sizeof one);
    errno = saved;
}

bool Stop::wait_readable(int descriptor) const noexcept {
    std::array<pollfd, 2> both{pollfd{descriptor, POLLIN, 0}, pollfd{this->descriptor(), POLLIN, 0}};
    while (raised() == 0) {
        if (::poll(both.data(), both.size(), -1) > 0 && both[0].revents != 0) {
            return raised() == 0;
        }
    }
    return false;
}

bool Stop::sleep(Milliseconds duration) const noexcept {
    const Deadline end = Deadline::after(duration);
    pollfd raise{descriptor(), POLLIN, 0};
    while (raised() == 0 && !end.passed()) {
        static_cast<void>(::poll(&raise, 1, end.poll_milliseconds()));
    }
    return raised() == 0;
}

Exit Stop::exit() const noexcept {
    return raised() == SIGINT ? Exit::interrupted : Exit::terminated;
}

}  // namespace hail::base
