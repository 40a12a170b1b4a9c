// What a path picks from a document, as it stands there.
//
// Shape:   the document is valid (json::check); spans of it, in its order, without white space around them. A
//          key picks from objects (each member of that name, should it stand twice), an index from arrays, []
//          every element of an array. What does not fit picks nothing.
// Throws:  nothing.
// Source:  hail-rest(1), --pick.

#pragma once

#include <string_view>
#include <vector>

#include "lib/json/path.h"

namespace hail::json {

std::vector<std::string_view> pick(std::string_view document, const Path& path);

}  // namespace hail::json
