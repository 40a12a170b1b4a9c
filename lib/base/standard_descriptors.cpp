#include "lib/base/standard_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

namespace hail::base {

void fill_standard_descriptors() {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
        if (::fcntl(number, F_GETFD) < 0) {
            // open(2) takes the lowest free number: this one. The wrong mode is intended: stdin cannot be
            // read.
            ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

}  // namespace hail::base
