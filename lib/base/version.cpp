#include "lib/base/version.h"

namespace hail::base {

std::string_view version() {
    return HAIL_VERSION;
}

}  // namespace hail::base
