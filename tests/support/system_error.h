// Throws what errno says of the system call that has just failed.

#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace hail::support {

[[noreturn]] inline void throw_system_error(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace hail::support
