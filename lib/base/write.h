#pragma once

#include <string_view>

namespace hail::base {

// Writes every byte, in as many pieces as it takes. False: errno says why some are missing.
bool write_all(int descriptor, std::string_view bytes);

}  // namespace hail::base
