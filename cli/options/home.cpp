#include "cli/options/home.h"

#include <cstdlib>

namespace hail::cli::options {

std::string home_directory() {
    const char* const home = std::getenv("HOME");
    return home == nullptr ? std::string() : std::string(home);
}

std::string state_directory() {
    const char* const state = std::getenv("XDG_STATE_HOME");
    const bool named = state != nullptr && *state == '/';  // the standard: a relative one is to be ignored
    return (named ? std::string(state) : home_directory() + "/.local/state") + "/hail";
}

}  // namespace hail::cli::options
