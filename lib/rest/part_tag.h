// FILE.part.tag records the origin of the bytes in FILE.part, so that a download can be resumed.
//
// Shape:   two lines: the validator of the reply, which may be empty, and a hash of its URL.
// Throws:  write_tag() throws Error(output_failed). A tag that cannot be read is empty.
// Source:  RFC 9110 8.8 (validators).

#pragma once

#include <string>
#include <string_view>

namespace hail::rest {

struct PartTag {
    std::string validator;
    std::string source;  // see source_of(); empty if it is not known
};

std::string tag_file_of(const std::string& file);
PartTag read_tag(const std::string& file);  // links are not followed

// Replaces the old file with a new one.
void write_tag(const std::string& file, const PartTag& tag);

// A hash of the URL without its query: validators tell the versions of one URL apart, but not two URLs.
std::string source_of(std::string_view url);

}  // namespace hail::rest
