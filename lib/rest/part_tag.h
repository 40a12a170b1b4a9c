// The tag of a download records the origin of its bytes, so that a part can be resumed and a finished file is
// recognised.
//
// Shape:   a part has FILE.part.tag with three lines: the validator of the reply, which may be empty, a hash
//          of its URL, and the size of the whole file, if it is known. A finished file has the same lines and
//          the time of its last change in its extended attribute user.hail.download; a file that was edited
//          since is not recognised.
// Throws:  write_tag() throws Error(output_failed). A tag that cannot be read is empty; a file system without
//          extended attributes keeps none.
// Source:  RFC 9110 8.8 (validators); xattr(7).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hail::rest {

struct PartTag {
    std::string validator;
    std::string source;                   // see source_of(); empty if it is not known
    std::optional<std::uint64_t> size{};  // of the whole file

    bool operator==(const PartTag&) const = default;
};

std::string tag_file_of(const std::string& file);
PartTag read_tag(const std::string& file);  // links are not followed

// Replaces the old file with a new one.
void write_tag(const std::string& file, const PartTag& tag);

// Marks an open file as finished; its bytes are not changed after this.
void mark_finished(int descriptor, const PartTag& tag);
PartTag read_finished(const std::string& file);

// A hash of the URL without its query: validators tell the versions of one URL apart, but not two URLs.
std::string source_of(std::string_view url);

}  // namespace hail::rest
