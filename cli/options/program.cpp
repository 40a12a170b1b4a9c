#include "cli/options/program.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::options {

std::string find_program(const std::string& name) {
    if (name.find('/') != name.npos) {
        if (::access(name.c_str(), X_OK) == 0) {
            return name;
        }
        throw base::Error(base::Exit::no_input,
                          "finding the program " + base::one_line(name) + ": " + std::strerror(errno));
    }
    const char* const given = std::getenv("PATH");
    std::string_view folders = given == nullptr ? "/bin:/usr/bin" : given;
    while (!name.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const std::string folder(folders.substr(0, end));
        std::string path = (folder.empty() ? "." : folder) + "/" + name;
        if (::access(path.c_str(), X_OK) == 0) {
            return path;
        }
        if (end == folders.size()) {
            break;
        }
        folders.remove_prefix(end + 1);
    }
    throw base::Error(base::Exit::no_input,
                      "finding the program '" + base::one_line(name) + "': it is in no folder of PATH",
                      "no shell is involved: for a shell's commands write sh -c 'COMMANDS'");
}

std::string spool_directory() {
    const char* const named = std::getenv("TMPDIR");
    return named == nullptr || *named == '\0' ? "/var/tmp" : named;
}

}  // namespace hail::cli::options
