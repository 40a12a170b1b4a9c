#include "lib/http/body_collector.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::http {

void BodyCollector::body(std::string_view bytes) {
    const std::size_t room = limit_ - body_.size();
    if (bytes.size() > room && excess_ == Excess::fail) {
        throw base::Error(base::Exit::bad_reply,
                          "reading the reply: it is larger than " + base::format_size(limit_),
                          "raise the limit with --max-reply");
    }
    overflowed_ = overflowed_ || bytes.size() > room;
    body_ += bytes.substr(0, room);
}

bool BodyCollector::resume(Request& /*request*/) {
    clear();
    return true;
}

std::string BodyCollector::take_body() {
    return std::exchange(body_, std::string());
}

void BodyCollector::clear() {
    body_.clear();
    overflowed_ = false;
}

}  // namespace hail::http
