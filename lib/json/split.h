// Splits a stream of bytes into JSON values: those of concatenated JSON or NDJSON, or the elements of one
// array, which may be larger than memory because only one element is held at a time.
//
// Shape:   feed() takes any cut of the input. next() says what came of it: - value: value() is one complete,
//          checked value, as it stood; it holds until the next feed() or next(); - more: feed() or finish()
//          first; - end: the input is finished and nothing is left; - problem: what() at line() is wrong;
//          final. line() and offset() are of the first byte of the value, or of the problem; lines count from
//          1.
// Memory:  one value and one fed piece; a value larger than most_bytes is a problem.
// Throws:  nothing; what is wrong is a value.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/json/scan.h"

namespace hail::json {

struct SplitOptions {
    enum class Shape { detect, values, elements };  // detect: elements if the first byte is '['
    Shape shape = Shape::detect;
    std::size_t most_bytes = std::size_t{64} << 20U;
    Encoding encoding = Encoding::utf8;
};

class Splitter {
  public:
    enum class Step { value, more, end, problem };

    explicit Splitter(const SplitOptions& options = {}) : options_(options) {}

    void feed(std::string_view bytes);
    void finish() { finished_ = true; }

    Step next();

    std::string_view value() const { return value_; }
    const std::string& what() const { return what_; }
    std::uint64_t line() const { return line_; }
    std::uint64_t offset() const { return offset_; }

  private:
    enum class Place { start, first_element, value, separator, after };
    enum class Token { none, string, container, scalar };

    Step step();
    Step at_end();
    Step scan_value();
    Step take_value();
    Step set_problem(std::size_t at, std::string what);
    void start_value();
    bool is_complete();
    bool pass_string();
    bool pass_structure();
    void locate(std::size_t at);

    SplitOptions options_;
    bool elements_ = false;
    bool finished_ = false;
    bool failed_ = false;

    std::string buffer_;
    std::size_t at_ = 0;    // the first byte that is not taken
    std::size_t scan_ = 0;  // the first byte of the value at at_ that is not scanned
    Place place_ = Place::start;
    Token token_ = Token::none;
    bool in_string_ = false;
    std::size_t depth_ = 0;

    std::uint64_t dropped_ = 0;  // bytes of the input in front of buffer_
    std::size_t counted_ = 0;    // up to where in buffer_ lines are counted
    std::uint64_t lines_ = 1;

    std::string_view value_;
    std::string what_;
    std::uint64_t line_ = 1;
    std::uint64_t offset_ = 0;
};

}  // namespace hail::json
