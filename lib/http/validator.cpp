#include "lib/http/validator.h"

#include <chrono>

namespace hail::http {

std::string strong_validator(const ReplyHead& head, Time now) {
    const auto tag = head.find("ETag");
    if (tag && tag->starts_with('"')) {
        return std::string(*tag);
    }
    const auto modified = head.find("Last-Modified");
    const auto changed = parse_date(modified.value_or(""), now);
    const auto sent = parse_date(head.find("Date").value_or(""), now);
    const bool strong = changed && sent && *sent - *changed >= std::chrono::seconds(1);
    return strong ? std::string(*modified) : std::string();
}

}  // namespace hail::http
