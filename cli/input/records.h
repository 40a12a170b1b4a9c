// Splits input into records: lines, texts separated by NUL, or all of it as one record. JSON values:
// json/split.h.
//
// Shape:   feed() takes any piece of the input; then next() returns complete records until none is left. An
//          incomplete record waits for the next feed() or finish(). A record comes without its separator.
//          Empty records count, and so does a last record without a separator. A record may contain any byte;
//          a carriage return stays.
// Memory:  one record and one fed piece.
// Throws:  Error(bad_input) for a record larger than `most_bytes`.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hail::cli::input {

enum class Framing { lines, nul, whole };

class Records {
  public:
    static constexpr std::size_t redis_most = std::size_t{512}
                                              << 20U;  // the largest message that a server accepts

    explicit Records(Framing framing, std::size_t most_bytes = redis_most)
        : framing_(framing), most_bytes_(most_bytes) {}

    void feed(std::string_view bytes);
    void finish() { finished_ = true; }

    // The view is valid until the next call.
    std::optional<std::string_view> next();

    // The number of the record that next() returned last, such as a line number. Counts from 1; 0 before the
    // first.
    std::uint64_t number() const { return number_; }

  private:
    std::string_view take(std::size_t size, std::size_t separator);
    void check_size(std::size_t size) const;

    Framing framing_;
    std::size_t most_bytes_;
    std::string buffer_;
    std::size_t at_ = 0;        // the first byte not yet returned
    std::size_t searched_ = 0;  // there is no separator before this offset
    std::uint64_t number_ = 0;
    bool finished_ = false;
};

}  // namespace hail::cli::input
