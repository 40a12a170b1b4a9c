#include "lib/http/multipart.h"

#include <algorithm>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

// In a parameter of Content-Type.
bool needs_no_quotes(char c) {
    return base::is_alphanumeric(c) || std::string_view("'+_-.").find(c) != std::string_view::npos;
}

bool is_boundary_character(char c) {
    return needs_no_quotes(c) || std::string_view("(),/:=? ").find(c) != std::string_view::npos;
}

// A line end of any kind counts as one.
std::string escape_name(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c == '"') {
            out += "%22";
        } else if (c == '\r' || c == '\n') {
            out += "%0D%0A";
            if (c == '\r' && name.substr(i + 1).starts_with('\n')) {
                ++i;
            }
        } else {
            out += c;
        }
    }
    return out;
}

std::string part_head(const FormPart& part, const std::string& boundary) {
    std::string head =
        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + escape_name(part.name) + "\"";
    if (part.file_name) {
        head += "; filename=\"" + escape_name(*part.file_name) + "\"";
    }
    if (!part.media_type.empty()) {
        head += "\r\nContent-Type: " + part.media_type;
    }
    return head + "\r\n\r\n";
}

}  // namespace

std::string random_boundary() {
    return "hail-" + base::random_hex(16);
}

std::string boundary_parameter(std::string_view boundary) {
    constexpr std::size_t longest = 70;
    const bool fits = !boundary.empty() && boundary.size() <= longest && boundary.back() != ' ' &&
                      std::all_of(boundary.begin(), boundary.end(), is_boundary_character);
    if (!fits) {
        throw base::Error(base::Exit::usage,
                          "boundary '" + base::one_line(boundary, 80) + "': not a valid boundary",
                          "use 1 to 70 letters, digits, spaces or '()+_,-./:=? and no space at the end");
    }
    const bool plain = std::all_of(boundary.begin(), boundary.end(), needs_no_quotes);
    const std::string quote = plain ? "" : "\"";
    return "; boundary=" + quote + std::string(boundary) + quote;
}

std::string multipart_type(std::string_view boundary) {
    return "multipart/form-data" + boundary_parameter(boundary);
}

OwnedBody multipart_body(std::vector<FormPart> parts, const std::string& boundary) {
    std::vector<OwnedBody> pieces;
    pieces.reserve(parts.size() * 2 + 1);
    std::string separator;
    for (FormPart& part : parts) {
        pieces.push_back(bytes_body(separator + part_head(part, boundary)));
        pieces.push_back(std::move(part.content));
        separator = "\r\n";
    }
    pieces.push_back(bytes_body(separator + "--" + boundary + "--\r\n"));
    return chain_body(std::move(pieces));
}

}  // namespace hail::http
