#include "cli/options/home.h"

#include <cstdlib>

#include "lib/base/error.h"
#include "lib/base/file.h"

namespace hail::cli::options {

std::string home_directory() {
    const char* const home = std::getenv("HOME");
    return home == nullptr ? std::string() : std::string(home);
}

std::string at_home(const std::string& path) {
    return base::expand_home(path, home_directory());
}

namespace {

std::string standard_directory(const char* variable, const std::string& usual) {
    const char* const named = std::getenv(variable);
    const bool counts = named != nullptr && *named == '/';  // the specification: ignore a relative path
    const std::string home = home_directory();
    if (!counts && home.empty()) {
        throw base::Error(base::Exit::usage, "finding hail's own directory: HOME is not set",
                          std::string("set HOME or ") + variable);
    }
    return (counts ? std::string(named) : home + usual) + "/hail";
}

}  // namespace

std::string state_directory() {
    return standard_directory("XDG_STATE_HOME", "/.local/state");
}

std::string cache_directory() {
    return standard_directory("XDG_CACHE_HOME", "/.cache");
}

}  // namespace hail::cli::options
