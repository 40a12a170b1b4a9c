#include "lib/rpc/event_stream.h"

#include "lib/base/event_stream.h"
#include "lib/rpc/members.h"

namespace hail::rpc {

std::vector<std::string> event_data(std::string_view text) {
    std::vector<std::string> messages;
    base::EventStream stream;
    stream.feed(text);
    while (stream.next()) {
        messages.push_back(stream.event().data);
    }
    if (const base::Event* const last = stream.rest()) {
        messages.push_back(last->data);
    }
    return messages;
}

std::string replies_as_array(const std::vector<std::string>& messages, std::vector<std::string>& others) {
    std::string array = "[";
    for (const std::string& message : messages) {
        if (is_request(message)) {
            others.push_back(message);
            continue;
        }
        array += array.size() > 1 ? "," : "";
        array += message;
    }
    array += ']';
    return array;
}

}  // namespace hail::rpc
