#include "lib/bulk/chunk.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace hail::bulk {

void Chunk::add(const rpc::Request& request, std::uint64_t line) {
    Item item;
    item.line = line;
    item.at = static_cast<std::uint32_t>(requests_.size());
    item.size = static_cast<std::uint32_t>(request.text.size());
    if (!request.is_notification()) {
        item.id_at = static_cast<std::uint32_t>(request.id.data() - request.text.data());
        item.id_size = static_cast<std::uint32_t>(request.id.size());
    }
    item.has_version = request.has_version;
    requests_ += request.text;
    items_.push_back(item);
}

std::size_t Chunk::calls(std::size_t from, std::size_t to) const {
    const auto count = std::count_if(items_.begin() + static_cast<std::ptrdiff_t>(from),
                                     items_.begin() + static_cast<std::ptrdiff_t>(to),
                                     [](const Item& item) { return item.id_size != 0; });
    return static_cast<std::size_t>(count);
}

rpc::Request Chunk::request(const Item& item) const {
    rpc::Request request;
    request.text = std::string_view(requests_).substr(item.at, item.size);
    request.id = request.text.substr(item.id_at, item.id_size);
    request.has_version = item.has_version;
    return request;
}

void Chunk::append_body(std::string& out, std::size_t from, std::size_t to,
                        std::uint32_t first_wire_id) const {
    constexpr std::size_t added_to_each = 32;  // at most: an id, a comma, the member jsonrpc
    out.reserve(out.size() + requests_.size() + (to - from) * added_to_each);
    const bool array = to - from > 1;
    std::uint32_t wire_id = first_wire_id;
    if (array) {
        out += '[';
    }
    for (std::size_t position = from; position < to; ++position) {
        if (position > from) {
            out += ',';
        }
        const rpc::Request one = request(items_[position]);
        rpc::append_request(out, one, wire_id);
        wire_id += one.is_notification() ? 0U : 1U;
    }
    if (array) {
        out += ']';
    }
}

std::string_view Chunk::keep(std::string text) {
    kept_bytes_ += text.size();
    texts_.push_back(std::make_unique<const std::string>(std::move(text)));
    return *texts_.back();
}

void Chunk::settle(std::size_t from, std::size_t to, std::span<const rpc::Slot> slots,
                   std::string_view missing_why) {
    auto slot = slots.begin();
    for (std::size_t position = from; position < to; ++position) {
        Item& item = items_[position];
        ++decided_;
        if (item.id_size == 0) {
            item.outcome = Outcome::ok;
            continue;
        }
        switch (slot->state) {
            case rpc::Slot::State::missing:
                item.outcome = Outcome::unknown;
                item.why = missing_why;
                break;
            case rpc::Slot::State::result:
                item.outcome = Outcome::ok;
                break;
            case rpc::Slot::State::error:
                item.outcome = Outcome::error;
                break;
        }
        item.value = slot->value;
        item.arrival = slot->arrival == 0 ? 0 : replies_arrived_ + slot->arrival;
        ++slot;
    }
    replies_arrived_ += static_cast<std::uint32_t>(slots.size());
}

void Chunk::settle(std::size_t from, std::size_t to, Outcome outcome, std::string_view why) {
    for (std::size_t position = from; position < to; ++position) {
        items_[position].outcome = outcome;
        items_[position].why = why;
        ++decided_;
    }
}

Answer Chunk::answer(std::size_t position) const {
    const Item& item = items_[position];
    const rpc::Request one = request(item);
    return {.index = first_index_ + position,
            .line = item.line,
            .outcome = item.outcome,
            .request = one.text,
            .id = one.id,
            .value = item.value,
            .why = item.why};
}

std::vector<std::uint32_t> Chunk::positions(Order order) const {
    std::vector<std::uint32_t> positions(items_.size());
    std::iota(positions.begin(), positions.end(), 0U);
    if (order == Order::done) {
        const auto rank = [this](std::uint32_t position) {
            const std::uint32_t arrival = items_[position].arrival;
            return arrival == 0 ? std::numeric_limits<std::uint32_t>::max() : arrival;
        };
        std::stable_sort(positions.begin(), positions.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
    }
    return positions;
}

}  // namespace hail::bulk
