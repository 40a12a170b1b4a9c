// version() is hail's own version, such as "1.2.3", as set by project() in CMakeLists.txt.

#pragma once

#include <string_view>

namespace hail::base {

std::string_view version();

}  // namespace hail::base
