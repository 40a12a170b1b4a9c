#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Splits input into records: lines, NUL-separated texts, or all of it as one. JSON values: json/split.h.
//
// Shape:   feed() takes any cut of the input, then next() gives records until it has none: the rest waits for the next
//          feed() or finish(). A record comes without its separator; empty ones count, and so does a last one without
//          a separator. Any byte may stand in a record; a carriage return stays.
// Memory:  one record and one fed piece.
// Throws:  Error(bad_input) for a record larger than `most_bytes`.

namespace hail::cli::input {

enum class Framing { lines, nul, whole };

class Records {
  public:
    static constexpr std::size_t redis_most = std::size_t{512} << 20U;  // what a server takes as one message

    explicit Records(Framing framing, std::size_t most_bytes = redis_most)
        : framing_(framing), most_bytes_(most_bytes) {}

    void feed(std::string_view bytes);
    void finish() { finished_ = true; }

    // The view holds until the next call.
    std::optional<std::string_view> next();

    // Of the record that next() gave last, from 1: a line's number. 0 before the first.
    std::uint64_t number() const { return number_; }

  private:
    std::string_view take(std::size_t size, std::size_t separator);
    void check_size(std::size_t size) const;

    Framing framing_;
    std::size_t most_bytes_;
    std::string buffer_;
    std::size_t at_ = 0;        // the first byte that was not given out
    std::size_t searched_ = 0;  // up to where there is no separator
    std::uint64_t number_ = 0;
    bool finished_ = false;
};

}  // namespace hail::cli::input
