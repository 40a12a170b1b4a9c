#include "cli/options/session.h"

#include "cli/options/home.h"

namespace hail::cli::options {

hail::rest::Session open_session(const std::string& name) {
    if (name.empty()) {
        return hail::rest::Session("");
    }
    const bool is_file = name.find('/') != std::string::npos;
    return hail::rest::Session(
        hail::rest::session_path(at_home(name), is_file ? "" : state_directory() + "/sessions"),
        is_file ? hail::rest::Folder::must_exist : hail::rest::Folder::made);
}

std::string session_warning(const std::string& name, const hail::rest::Session& session) {
    return session.is_private() ? "" : name + " is readable by others; run chmod 600 " + name;
}

}  // namespace hail::cli::options
