#include "lib/pubsub/kept_messages.h"

#include <algorithm>

namespace hail::pubsub {

namespace {

std::optional<std::string> copy(const std::optional<std::string_view>& text) {
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

}  // namespace

KeptMessages::OwnedFields::OwnedFields(std::span<const Field> fields) {
    views_.reserve(fields.size());
    for (const Field& field : fields) {
        const std::string& name = texts_.emplace_back(field.name);
        const std::string& value = texts_.emplace_back(field.value);
        views_.push_back({name, value, field.kind});
        bytes_ += sizeof(Field) + name.size() + value.size();
    }
}

KeptMessages::Kept::Kept(const Message& message, std::uint64_t number)
    : tag(number),
      channel(message.channel),
      payload(message.payload),
      id(copy(message.id)),
      reply_to(copy(message.reply_to)),
      correlation_id(copy(message.correlation_id)),
      fields(message.fields),
      properties(message.properties) {}

void KeptMessages::keep(const Message& message, std::uint64_t tag) {
    if (message.more) {
        pieces_ += message.payload;
        return;
    }
    Message whole = message;
    if (!pieces_.empty()) {
        pieces_ += message.payload;
        whole.payload = pieces_;
    }
    kept_.emplace_back(whole, tag);
    pieces_ = {};
    bytes_ += kept_.back().bytes();
}

std::pair<Message, std::uint64_t> KeptMessages::waiting() const {
    const Kept& kept = kept_[in_flight_];
    Message message{.channel = kept.channel, .payload = kept.payload};
    message.id = kept.id;
    message.reply_to = kept.reply_to;
    message.correlation_id = kept.correlation_id;
    message.fields = kept.fields.views();
    message.properties = kept.properties.views();
    return {message, kept.tag};
}

KeptMessages::Kept& KeptMessages::find(std::uint64_t tag) {
    return *std::lower_bound(kept_.begin(), kept_.end(), tag,
                             [](const Kept& kept, std::uint64_t wanted) { return kept.tag < wanted; });
}

bool KeptMessages::answered(std::uint64_t tag) {
    Kept& found = find(tag);
    found.answered = true;
    const bool maybe_published = found.maybe_published;
    while (!kept_.empty() && kept_.front().answered) {
        pop();
    }
    return maybe_published;
}

void KeptMessages::pop() {
    bytes_ -= kept_.front().bytes();
    held_ -= kept_.front().held ? 1U : 0U;
    in_flight_ -= in_flight_ > 0 ? 1U : 0U;
    kept_.pop_front();
}

void KeptMessages::hold(std::uint64_t tag, const base::Error& error) {
    find(tag).held = error;
    ++held_;
}

const base::Error& KeptMessages::first_error() const {
    return *std::find_if(kept_.begin(), kept_.end(), [](const Kept& kept) {
                return kept.held.has_value();
            })->held;
}

std::vector<KeptMessages::Held> KeptMessages::take_held(std::uint64_t before) {
    std::vector<Held> held;
    for (Kept& kept : kept_) {
        if (kept.tag >= before) {
            break;
        }
        if (kept.held) {
            held.push_back({kept.tag, *kept.held, kept.maybe_published});
        }
    }
    for (const Held& one : held) {
        answered(one.tag);
    }
    return held;
}

void KeptMessages::send_again(std::uint64_t unknown) {
    erase([](const Kept& kept) { return kept.answered; });
    for (Kept& kept : kept_) {
        if (!kept.held && unknown > 0) {
            kept.maybe_published = true;
            --unknown;
        }
        kept.held.reset();
    }
    in_flight_ = 0;
    held_ = 0;
}

std::uint64_t KeptMessages::maybe_published() const {
    const auto count =
        std::count_if(kept_.begin(), kept_.end(), [](const Kept& kept) { return kept.maybe_published; });
    return static_cast<std::uint64_t>(count);
}

void KeptMessages::drop_maybe_published() {
    erase([](const Kept& kept) { return kept.maybe_published; });
}

template <typename Which>
void KeptMessages::erase(const Which& which) {
    std::erase_if(kept_, [&](const Kept& kept) {
        bytes_ -= which(kept) ? kept.bytes() : 0;
        return which(kept);
    });
}

}  // namespace hail::pubsub
