// Masks secrets in a body that is not valid in any form that hail reads: broken JSON, a form under another
// type, lines of YAML or of an .env file.
//
// Shape:   "***" replaces the value after the name of a secret and "=" or ":". A value in quotes or brackets
//          ends with them, another one at the end of the line or at the next separator; one without an end is
//          masked to the end of the text. Rather too much is masked than too little.
// Cost:    linear.
// Throws:  nothing.

#pragma once

#include <string>
#include <string_view>

namespace hail::http {

std::string mask_loose_text(std::string_view text);

}  // namespace hail::http
