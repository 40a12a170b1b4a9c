// Reads the links in the head of a reply, such as the one to the next page.
//
// Shape:   targets unchanged, to be resolved against the URL of the request; relations in lower case. Links
//          with an anchor are about another page and are left out.
// Throws:  nothing: text that cannot be read is skipped up to the next comma.
// Source:  RFC 8288 3 and appendix B.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.h"

namespace hail::http {

struct Link {
    std::string target;
    std::vector<std::string> relations;
};

std::vector<Link> parse_links(std::string_view field);

// The target of the first link with that relation, from all Link fields of the head.
std::optional<std::string> find_link(const ReplyHead& head, std::string_view relation);

}  // namespace hail::http
