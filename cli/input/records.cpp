#include "cli/input/records.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::input {

void Records::feed(std::string_view bytes) {
    buffer_.erase(0, at_);
    searched_ -= std::min(searched_, at_);
    at_ = 0;
    buffer_ += bytes;
}

std::optional<std::string_view> Records::next() {
    if (framing_ == Framing::whole) {
        check_size(buffer_.size());
        return finished_ && number_ == 0 ? std::optional(take(buffer_.size(), 0)) : std::nullopt;
    }
    const char separator = framing_ == Framing::lines ? '\n' : '\0';
    const std::size_t end = buffer_.find(separator, std::max(at_, searched_));
    if (end != buffer_.npos) {
        return take(end - at_, 1);
    }
    searched_ = buffer_.size();
    check_size(buffer_.size() - at_);
    return finished_ && at_ < buffer_.size() ? std::optional(take(buffer_.size() - at_, 0)) : std::nullopt;
}

std::string_view Records::take(std::size_t size, std::size_t separator) {
    check_size(size);
    const std::string_view record = std::string_view(buffer_).substr(at_, size);
    at_ += size + separator;
    ++number_;
    return record;
}

void Records::check_size(std::size_t size) const {
    if (size > most_bytes_) {
        throw base::Error(base::Exit::bad_input, "reading record " + std::to_string(number_ + 1) +
                                                     " of the input: it is larger than " +
                                                     base::format_size(most_bytes_));
    }
}

}  // namespace hail::cli::input
