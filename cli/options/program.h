// Programs and temporary files, as the environment names their places.
//
// Source:  execvp(3); environ(7): PATH and TMPDIR.

#pragma once

#include <string>

namespace hail::cli::options {

// The path of a program as execvp(3) would find it.
// Throws: Error(no_input) if there is none that can be executed.
std::string find_program(const std::string& name);

// The directory of large temporary files: $TMPDIR, otherwise /var/tmp, which is not in memory.
std::string spool_directory();

}  // namespace hail::cli::options
