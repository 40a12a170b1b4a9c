// Indenting changes only white space outside strings, however the input is cut, even if it is not JSON.
// Indented JSON is JSON, and stays the same if it is indented again. Escaped output contains no control
// characters except line feeds and tabs.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/text.h"
#include "lib/json/indent.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

using namespace hail;
using Controls = json::IndentOptions::Controls;

namespace {

std::string indent(std::string_view input, std::size_t piece, Controls controls) {
    json::Indenter indenter({.controls = controls});
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += piece) {
        indenter.feed(input.substr(at, piece), out);
    }
    indenter.finish(out);
    return out;
}

std::string without_space(std::string_view text) {
    std::string out;
    bool in_string = false;
    bool escaped = false;
    for (const char c : text) {
        if (in_string || std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
            out += c;
        }
        if (c == '"' && !escaped) {
            in_string = !in_string;
        }
        escaped = in_string && c == '\\' && !escaped;
    }
    return out;
}

bool is_quiet(std::string_view text) {
    return base::is_utf8(text) && base::printable(text) == text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::size_t piece = data[0] % 16U + 1U;
    const std::string text(data + 1, data + size);
    const std::string plain = indent(text, piece, Controls::pass);
    const std::string shown = indent(text, piece, Controls::escape);
    require(plain == indent(text, text.size() + 1, Controls::pass));
    require(shown == indent(text, text.size() + 1, Controls::escape));
    require(without_space(plain) == without_space(text));
    require(is_quiet(shown));
    if (json::is_json(text)) {
        require(json::is_json(plain) && json::is_json(shown));
        require(indent(plain, piece, Controls::pass) == plain);
    }
    return 0;
}
