// Bodies of multipart/form-data. hail writes them itself: libcurl offers no choice of boundary and writes
// quotes in names in a way that few servers understand.
//
// Shape:   the length is known if the length of every part is. In names and file names '"' becomes %22 and a
//          line end %0D%0A; everything else is sent unchanged, UTF-8 included.
// Throws:  multipart_type() Error(usage) for a boundary that is not valid; encoding nothing.
// Source:  RFC 7578; RFC 2046 5.1.1 (boundaries); the WHATWG HTML standard, 4.10.21.8 (escaping).

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/body.h"

namespace hail::http {

struct FormPart {
    std::string name;
    std::optional<std::string> file_name;  // none: a plain field
    std::string media_type;                // empty: no Content-Type
    OwnedBody content;
};

// 128 random bits, so that no content contains it.
std::string random_boundary();

// "; boundary=XX", for a Content-Type that has none, and the whole "multipart/form-data; boundary=XX".
std::string boundary_parameter(std::string_view boundary);
std::string multipart_type(std::string_view boundary);

OwnedBody multipart_body(std::vector<FormPart> parts, const std::string& boundary);

}  // namespace hail::http
