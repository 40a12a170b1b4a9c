#pragma once

#include <string>

namespace hail::cli::options {

// The directory that "~/" stands for; empty if the environment names none.
std::string home_directory();

// Where hail keeps what it learnt, such as sessions: $XDG_STATE_HOME/hail, ~/.local/state/hail.
// Throws: Error(usage) where the environment names neither; the same holds for the cache.
std::string state_directory();

// And what it can do without: $XDG_CACHE_HOME/hail, ~/.cache/hail.
std::string cache_directory();

}  // namespace hail::cli::options
