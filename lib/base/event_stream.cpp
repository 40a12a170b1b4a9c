#include "lib/base/event_stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"

namespace hail::base {

namespace {

constexpr std::array<std::string_view, 4> field_names{"data", "event", "id", "retry"};
constexpr std::size_t longest_field = 5;

bool is_field(std::string_view name) {
    return std::find(field_names.begin(), field_names.end(), name) != field_names.end();
}

}  // namespace

void EventStream::feed(std::string_view bytes) {
    pending_.erase(0, at_);
    scan_ -= at_;
    at_ = 0;
    pending_ += bytes;
    if (!begun_ && (pending_.size() >= byte_order_mark.size() || !byte_order_mark.starts_with(pending_))) {
        begun_ = true;
        at_ = pending_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
        scan_ = at_;
    }
}

// Takes a complete line, without its end. A CR at the end of the input so far ends a line, and an LF after it
// belongs to the CR.
bool EventStream::take_line(std::string_view& line) {
    if (last_ == LineEnd::carriage_return && at_ < pending_.size()) {
        if (pending_[at_] == '\n') {
            ++at_;
        }
        scan_ = std::max(scan_, at_);
        last_ = LineEnd::none;
    }
    const std::size_t end = std::min(pending_.find_first_of("\r\n", scan_), pending_.size());
    scan_ = end;
    if (end == pending_.size()) {
        return false;
    }
    line = std::string_view(pending_).substr(at_, end - at_);
    last_ = pending_[end] == '\r' ? LineEnd::carriage_return : LineEnd::none;
    at_ = end + 1;
    scan_ = at_;
    return true;
}

bool EventStream::next() {
    std::string_view line;
    while (begun_ && take_line(line)) {
        if (read_line(line)) {
            return true;
        }
    }
    if (pending_.size() - at_ > limit_) {
        // The line is too long: this part of it counts, and the rest is another line.
        read_line(std::string_view(pending_).substr(at_));
        building_.cut = true;
        at_ = scan_ = pending_.size();
    }
    return false;
}

bool EventStream::read_line(std::string_view line) {
    if (line.empty()) {
        return dispatch();
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    value.remove_prefix(value.starts_with(' ') ? 1 : 0);
    read_field(line.substr(0, colon), value);
    return false;
}

void EventStream::read_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        if (building_.data.size() + value.size() > limit_) {
            building_.cut = true;
            return;
        }
        building_.data += has_data_ ? "\n" : "";
        building_.data += value;
        has_data_ = true;
    } else if (name == "event") {
        building_.type = value;
    } else if (name == "id" && value.find('\0') == value.npos) {
        building_.id = value;
    } else if (name == "retry") {
        constexpr std::uint64_t longest = 24UL * 3600 * 1000;
        if (const auto milliseconds = parse_number(value)) {
            retry_ = Milliseconds(std::min(*milliseconds, longest));
        }
    }
}

bool EventStream::dispatch() {
    const bool whole = std::exchange(has_data_, false);
    if (whole) {
        std::swap(event_, building_);
        building_.id = event_.id;
    }
    building_.type.clear();
    building_.data.clear();
    building_.cut = false;
    return whole;
}

const Event* EventStream::rest() {
    if (begun_ && at_ < pending_.size()) {
        read_line(std::string_view(pending_).substr(at_));
        at_ = scan_ = pending_.size();
    }
    return dispatch() ? &event_ : nullptr;
}

bool is_event_stream(std::string_view text) {
    text.remove_prefix(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    // Only the first bytes are looked at: the line of a reply may be very long.
    const std::size_t colon = text.substr(0, longest_field + 1).find(':');
    return colon != std::string_view::npos && (colon == 0 || is_field(text.substr(0, colon)));
}

}  // namespace hail::base
