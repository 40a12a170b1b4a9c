// hail's own version, "1.2.3": the one in CMakeLists.txt's project().

#pragma once

#include <string_view>

namespace hail::base {

std::string_view version();

}  // namespace hail::base
