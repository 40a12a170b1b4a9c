// Bodies of multipart/form-data, written by ourselves: libcurl's has no choice of boundary and writes quotes
// in names as few servers read them.
//
// Shape:   the length is known when that of every part is. In names and file names '"' is %22 and a line end
//          is %0D%0A; everything else is sent as it is, UTF-8 included.
// Throws:  multipart_type() Error(usage) for what is no boundary; encoding nothing.
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
    std::string media_type;                // empty: none is said
    OwnedBody content;
};

// 128 random bits, so that no content holds it.
std::string random_boundary();

// "multipart/form-data; boundary=XX", for Content-Type.
std::string multipart_type(std::string_view boundary);

OwnedBody multipart_body(std::vector<FormPart> parts, const std::string& boundary);

}  // namespace hail::http
