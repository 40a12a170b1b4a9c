// FILE.part, the file that becomes FILE when it is complete.
//
// Shape:   locked as long as it is open, so that two processes that write the same FILE never mix their
//          bytes: the second one fails. It gets the permissions of the FILE that it replaces before its first
//          byte is written. A link in its place is not followed, neither a symbolic
//          nor a hard one. A part that belongs to another user is refused.
// Throws:  Error(output_failed).
// Source:  open(2), flock(2).

#pragma once

#include <string>

#include "lib/base/owned.h"

namespace hail::base {

std::string part_of(const std::string& file);

// Opens the part for reading and writing, and keeps the bytes in it.
Descriptor open_part(const std::string& file);

}  // namespace hail::base
