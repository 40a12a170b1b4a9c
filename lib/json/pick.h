// Selection of values from a document by a path.
//
// Shape:   the document is valid (json::check). The values are spans of it, unchanged and in its order,
//          without white space around them. A key selects from objects (every member of that name), an index
//          from arrays, [] every element of an array. A segment that does not fit selects nothing.
// Throws:  nothing.
// Source:  hail-rest(1), --pick.

#pragma once

#include <string_view>
#include <vector>

#include "lib/json/path.h"

namespace hail::json {

std::vector<std::string_view> pick(std::string_view document, const Path& path);

}  // namespace hail::json
