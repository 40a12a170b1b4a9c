// Opens the session that --session names.
//
// Throws:  as hail::rest::Session and session_path() do.

#pragma once

#include <string>

#include "lib/rest/session.h"

namespace hail::cli::options {

// A name is a file in hail's own directory, anything with a '/' is a path; an empty name is a session without
// a file.
hail::rest::Session open_session(const std::string& name);

// "NAME is readable by others; run chmod 600 NAME", or nothing.
std::string session_warning(const std::string& name, const hail::rest::Session& session);

}  // namespace hail::cli::options
