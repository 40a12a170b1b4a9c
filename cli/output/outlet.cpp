#include "cli/output/outlet.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace hail::cli::output {

namespace {

// A closed stdout is replaced by one that cannot be written to. Opened again, it would take everything.
bool is_for_writing(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace

Outlet::Outlet(int descriptor) : descriptor_(descriptor) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) {
        return;
    }
    if (S_ISREG(facts.st_mode)) {
        kind_ = Kind::file;
    } else if (S_ISSOCK(facts.st_mode)) {
        kind_ = Kind::socket;
    } else if (is_for_writing(descriptor)) {
        const std::string name = "/proc/self/fd/" + std::to_string(descriptor);
        own_ = base::Descriptor(::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        kind_ = own_ ? Kind::reopened : Kind::polled;
    }
}

Outlet::Written Outlet::write(std::string_view data) const {
    ssize_t count = 0;
    switch (kind_) {
        case Kind::file:
            count = ::write(descriptor_, data.data(), data.size());
            break;
        case Kind::reopened:
            count = ::write(own_.number(), data.data(), data.size());
            break;
        case Kind::socket:
            count = ::send(descriptor_, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            break;
        case Kind::polled: {
            pollfd room{descriptor_, POLLOUT, 0};
            if (::poll(&room, 1, 0) <= 0) {
                return {};
            }
            count = ::write(descriptor_, data.data(), std::min<std::size_t>(data.size(), PIPE_BUF));
            break;
        }
    }
    if (count >= 0) {
        return {static_cast<std::size_t>(count), 0};
    }
    return {0, errno == EAGAIN || errno == EINTR ? 0 : errno};
}

}  // namespace hail::cli::output
