#pragma once

#include <string>
#include <string_view>

#include "lib/base/owned.h"

// FILE.part, which becomes FILE when it is whole, and FILE.part.tag, which says what a download has left in it.
//
// Shape:   locked as long as it is open, so that two who write the same FILE never mix their bytes: the second one
//          fails. It has the permissions of the FILE that it replaces, before its first byte is written. A link in its
//          place is not followed. A tag is two lines: the validator of what is in the part, or
//          none, and a hash of where it came from.
// Throws:  Error(output_failed).
// Source:  open(2), flock(2).

namespace hail::base {

std::string part_of(const std::string& file);
std::string tag_file_of(const std::string& file);

// For reading and writing, with whatever was left in it.
Descriptor open_part(const std::string& file);

struct PartTag {
    std::string validator;  // "" if there is none
    std::string source;     // see source_of(); "" if it is not known
};
PartTag read_tag(const std::string& file);
void write_tag(const std::string& file, const PartTag& tag);  // over none: what has its name is gone

// A validator tells the versions of one URL apart, not two URLs: this tells these, whatever their queries.
std::string source_of(std::string_view url);

}  // namespace hail::base
