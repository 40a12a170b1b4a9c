#include "lib/http/public_suffix.h"

#include <libpsl.h>

namespace hail::http {

bool is_public_suffix(const std::string& domain) {
    const std::string name =
        domain.substr(0, domain.find_last_not_of('.') + 1);  // a dot at the end is the root
    return psl_is_public_suffix(psl_builtin(), name.c_str()) == 1;
}

}  // namespace hail::http
