// Any Link field: its links are parts of it, their relations are lower-case words, and it reads the same
// again when it stands behind another link.

#include <cstddef>
#include <cstdint>
#include <string>

#include "lib/base/text.h"
#include "lib/http/link.h"
#include "tests/fuzz/require.h"

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string field(data, data + size);
    const auto links = http::parse_links(field);
    for (const http::Link& link : links) {
        require(field.find(link.target) != field.npos);
        require(link.target.find('>') == link.target.npos);
        for (const std::string& relation : link.relations) {
            require(!relation.empty() && base::lower(relation) == relation);
        }
    }
    const auto more = http::parse_links("<first>; rel=first, " + field);
    require(more.size() == links.size() + 1 && more.front().target == "first");
    for (std::size_t i = 0; i < links.size(); ++i) {
        require(more[i + 1].target == links[i].target && more[i + 1].relations == links[i].relations);
    }
    return 0;
}
