// The file descriptors of the process.
//
// Throws:  nothing.
// Source:  getrlimit(2), fcntl(2).

#pragma once

#include <cstddef>

namespace hail::base {

// Opens /dev/null for each of stdin, stdout and stderr that is closed, so that no other file takes its
// number. Reading or writing it fails.
void fill_standard_descriptors();

// How many more descriptors this process may open, at most 65,536.
std::size_t free_descriptors();

}  // namespace hail::base
