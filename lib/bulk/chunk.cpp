#include "lib/bulk/chunk.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace hail::bulk {

void Chunk::clear() {
    decided_ = 0;
    kept_bytes_ = 0;
    arrivals_passed_ = 0;
    texts_of_records_.clear();
    items_.clear();
    kept_.clear();
}

void Chunk::add(const Record& record, std::uint64_t index) {
    Item& item = items_.emplace_back();
    item.index = index;
    item.line = record.line;
    item.at = static_cast<std::uint32_t>(texts_of_records_.size());
    item.size = static_cast<std::uint32_t>(record.text.size());
    if (record.expects_reply()) {
        item.id_at = static_cast<std::uint32_t>(record.id.data() - record.text.data());
        item.id_size = static_cast<std::uint32_t>(record.id.size());
    }
    item.form = record.form;
    item.idempotent = record.idempotent;
    texts_of_records_ += record.text;
    if (!record.fault.empty()) {
        settle(items_.size() - 1, {.outcome = Outcome::not_sent, .why = keep(std::string(record.fault))});
    }
}

Record Chunk::record(std::size_t position) const {
    const Item& item = items_[position];
    Record record;
    record.text = std::string_view(texts_of_records_).substr(item.at, item.size);
    record.id = record.text.substr(item.id_at, item.id_size);
    record.line = item.line;
    record.form = item.form;
    record.idempotent = item.idempotent;
    return record;
}

std::string_view Chunk::keep(std::string text) {
    kept_bytes_ += text.size();
    kept_.push_back(std::make_unique<const std::string>(std::move(text)));
    return *kept_.back();
}

void Chunk::settle(std::size_t position, const Finding& finding) {
    Item& item = items_[position];
    item.outcome = finding.outcome;
    item.value = finding.value;
    item.why = finding.why;
    item.arrival = finding.arrival == 0 ? 0 : arrivals_passed_ + finding.arrival;
    ++decided_;
}

Answer Chunk::answer(std::size_t position) const {
    const Item& item = items_[position];
    const Record one = record(position);
    return {.index = item.index,
            .line = item.line,
            .outcome = item.outcome,
            .request = one.text,
            .id = one.id,
            .value = item.value,
            .why = item.why,
            .left = item.left};
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
