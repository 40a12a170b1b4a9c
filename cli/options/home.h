#pragma once

#include <string>

namespace hail::cli::options {

// The directory that "~/" stands for; empty if the environment names none.
std::string home_directory();

}  // namespace hail::cli::options
