// The user's directories, as the environment names them.
//
// Source:  the XDG Base Directory Specification.

#pragma once

#include <string>

namespace hail::cli::options {

// The directory that "~/" stands for; empty if HOME is not set.
std::string home_directory();

// The path with "~/" at its front replaced by that directory.
std::string at_home(const std::string& path);

// The directory of data that hail keeps, such as sessions: $XDG_STATE_HOME/hail, otherwise
// ~/.local/state/hail.
// Throws: Error(usage) if neither XDG_STATE_HOME nor HOME is set.
std::string state_directory();

// The directory of data that hail can replace: $XDG_CACHE_HOME/hail, otherwise ~/.cache/hail.
// Throws: Error(usage) if neither XDG_CACHE_HOME nor HOME is set.
std::string cache_directory();

}  // namespace hail::cli::options
