// The media type that a reply names for its body.
//
// Source:  RFC 9110 8.3 (Content-Type); the WHATWG HTML standard, 9.2 (text/event-stream).

#pragma once

#include <string>

#include "lib/base/text.h"
#include "lib/http/message.h"

namespace hail::http {

inline bool is_event_stream(const ReplyHead& head) {
    const std::string type = base::lower(head.find("Content-Type").value_or(""));
    return base::trim(std::string_view(type).substr(0, type.find(';'))) == "text/event-stream";
}

}  // namespace hail::http
