// Writes to a descriptor without waiting for its reader, and without changing the descriptor for others.
//
// Shape:   write() takes what fits now. A pipe or a terminal may be shared with other processes, which would
//          be surprised by O_NONBLOCK: it is opened again for us. Without the right to do so, pieces are
//          written that poll(2) says there is room for. A regular file never waits.
// Throws:  nothing; the errno is returned.
// Source:  pipe(7), PIPE_BUF; proc(5), /proc/PID/fd; send(2), MSG_DONTWAIT.

#pragma once

#include <cstddef>
#include <string_view>

#include "lib/base/owned.h"

namespace hail::cli::output {

class Outlet {
  public:
    explicit Outlet(int descriptor);

    struct Written {
        std::size_t bytes = 0;
        int problem = 0;  // an errno; 0 also if there is no room now
    };
    Written write(std::string_view data) const;

  private:
    enum class Kind { file, reopened, socket, polled };

    int descriptor_;
    base::Descriptor own_;
    Kind kind_ = Kind::polled;
};

}  // namespace hail::cli::output
