#include "cli/options/environment.h"

#include <cstdlib>

#include "cli/options/home.h"
#include "lib/base/error.h"
#include "lib/base/file.h"

namespace hail::cli::options {

std::string environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::string() : std::string(value);
}

std::string secret(const std::string& typed, const std::string& option) {
    if (typed.starts_with("@")) {
        const std::string path = at_home(typed.substr(1));
        return base::read_first_line(path, "the secret in " + path);
    }
    if (!typed.starts_with("env:")) {
        return typed;
    }
    const std::string name = typed.substr(4);
    std::string value = environment(name);
    if (value.empty()) {
        throw base::Error(base::Exit::usage,
                          "option " + option + ": the environment variable " + name + " is not set");
    }
    return value;
}

}  // namespace hail::cli::options
