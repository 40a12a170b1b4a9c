#include "lib/rpc/event_reply.h"

#include <memory>
#include <utility>

namespace hail::rpc {

EventReply::EventReply(std::string_view id, std::size_t limit) : id_(id), stream_(limit) {
    best_.problem = "the event stream has no reply";
}

void EventReply::feed(std::string_view bytes) {
    if (is_answered()) {
        return;
    }
    stream_.feed(bytes);
    while (!is_answered() && stream_.next()) {
        read(stream_.event());
    }
    too_large_ = too_large_ || stream_.is_cut();
}

void EventReply::read(const base::Event& event) {
    too_large_ = too_large_ || event.cut;
    auto owned = std::make_unique<const std::string>(event.data);
    if (is_request(*owned)) {
        others_.push_back(*owned);
        return;
    }
    best_ = read_message(*owned, id_);
    best_.unwrapped = std::move(owned);
}

std::vector<std::string> EventReply::take_others() {
    return std::exchange(others_, {});
}

Reply EventReply::finish() {
    const base::Event* const last = is_answered() ? nullptr : stream_.rest();
    if (last != nullptr) {
        read(*last);
    }
    best_.quirks.add(Quirk::event_stream);
    return std::move(best_);
}

}  // namespace hail::rpc
