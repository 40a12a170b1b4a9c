// The body of a request for a dry run or a curl line, without the values of its secret fields.
//
// Shape:   in JSON and in forms (application/x-www-form-urlencoded), "***" replaces these values. All other
//          bytes, and all other bodies, stay the same.
// Throws:  nothing.

#pragma once

#include <string>

#include "lib/http/message.h"

namespace hail::cli::output {

enum class Secrets { masked, shown };

std::string masked_body(const http::Request& request);

}  // namespace hail::cli::output
