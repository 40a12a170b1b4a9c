#pragma once

#include <string>

#include "lib/base/owned.h"

// FILE.part, which becomes FILE when it is whole.
//
// Shape:   locked as long as it is open, so that two who write the same FILE never mix their bytes: the second one
//          fails. It has the permissions of the FILE that it replaces, before its first byte is written. A link in its
//          place is not followed.
// Throws:  Error(output_failed).
// Source:  open(2), flock(2).

namespace hail::cli::output {

// For reading and writing, with whatever was left in it.
base::Descriptor open_part(const std::string& part, const std::string& file);

}  // namespace hail::cli::output
