#include "cli/options/home.h"

#include <cstdlib>

namespace hail::cli::options {

std::string home_directory() {
    const char* const home = std::getenv("HOME");
    return home == nullptr ? std::string() : std::string(home);
}

}  // namespace hail::cli::options
