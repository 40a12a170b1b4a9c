#include <cstdint>
#include <string>

#include "lib/base/text.h"
#include "lib/http/content_range.h"
#include "lib/http/disposition.h"
#include "lib/http/link.h"
#include "tests/fuzz/require.h"

// Fields of a hostile reply: every file name is harmless, and every range is consistent.

using namespace hail;

namespace {

void check_name(const std::string& name) {
    require(name.size() <= 200 && base::is_utf8(name) && base::one_line(name) == name);
    require(name.find('/') == name.npos && !name.starts_with('.') && base::trim(name) == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    for (const http::Link& link : http::parse_links(text)) {
        require(link.target.find('>') == link.target.npos);
    }
    check_name(http::harmless_name(text));
    check_name(http::download_name(text, "http://h/" + text, text));
    require(!http::download_name({}, "http://h/" + text, text).empty());
    if (const auto range = http::parse_content_range(text)) {
        require(range->span || range->total);
        require(!range->span || (range->span->first <= range->span->last &&
                                 (!range->total || range->span->last < *range->total)));
    }
    return 0;
}
