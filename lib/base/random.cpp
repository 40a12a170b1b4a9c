#include "lib/base/random.h"

#include <sys/random.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

// getrandom(2) gives up to 256 bytes at once or fails.
void fill(void* bytes, std::size_t size) {
    if (::getrandom(bytes, size, 0) != static_cast<ssize_t>(size)) {
        throw Error(Exit::system_failed, "the system provides no random numbers");
    }
}

}  // namespace

std::uint32_t random_number() {
    std::uint32_t number = 0;
    fill(&number, sizeof number);
    return number;
}

std::string random_hex(std::size_t bytes) {
    std::string random(bytes, '\0');
    fill(random.data(), random.size());
    std::string out;
    for (const char c : random) {
        append_hex(out, c);
    }
    return out;
}

}  // namespace hail::base
