// Splitter of a stream of bytes into JSON values: concatenated JSON, NDJSON, or the elements of one array,
// which may be larger than memory because only one element is held at a time.
//
// Shape:   feed() accepts the input cut at any byte. next() returns one of:
//          value    value() is one complete, checked value, unchanged, until the next feed() or next()
//          more     call feed() or finish() first
//          end      the input is finished and nothing is left
//          problem  what() is the fault; there are no more values, unless resume() finds the next one
//          line(), column() and offset() belong to the first byte of the value, or to the fault; lines and
//          columns count from 1, columns in bytes. A byte order mark at the beginning is skipped.
// Speed:   a value that has arrived as a whole is read once; one that is cut is read again when it doubled.
// Memory:  one value and one fed piece; a value larger than most_bytes is a problem.
// Throws:  nothing; a fault is a value.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/json/outline.h"
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

    // After a problem: goes on at the next line that begins with one of these bytes, from the fault on. False
    // in an array: nobody can say where its next element begins.
    bool resume(std::string_view openers);

    // The lines with text that resume() passed over, after that of the fault: those between the fault and
    // the last step. Both are 0 if there were none.
    struct Skipped {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };
    Skipped take_skipped() { return std::exchange(skipped_, {}); }

    std::string_view value() const { return value_; }
    // The members of the value, if it is an object.
    const Outline& outline() const { return outline_; }
    const std::string& what() const { return what_; }
    bool too_large() const { return too_large_; }  // the problem is a value of more than most_bytes
    std::uint64_t line() const { return line_; }
    std::uint64_t column() const { return offset_ - line_start_ + 1; }
    std::uint64_t offset() const { return offset_; }

  private:
    enum class Place { start, first_element, value, separator, after, fault };
    enum class Token { none, string, container, scalar };

    Step step();
    bool pass_mark();
    Step at_end();
    Step start_value();
    template <Encoding encoding>
    std::optional<Step> pass_value();
    std::optional<Step> pass_value();
    Step scan_value();
    Step scan_scalar();
    Step take_value();
    Step set_problem(std::size_t at, std::string what);
    Step set_too_large();
    bool skip_to_line();
    bool is_complete();
    bool pass_string();
    bool pass_structure();
    void locate(std::size_t at);

    SplitOptions options_;
    bool elements_ = false;
    bool passed_mark_ = false;
    bool finished_ = false;
    bool failed_ = false;
    bool too_large_ = false;

    std::string buffer_;
    std::size_t at_ = 0;    // the first byte that has not been taken
    std::size_t scan_ = 0;  // the first byte of the value at at_ that has not been scanned
    Place place_ = Place::start;
    Token token_ = Token::none;
    bool in_string_ = false;
    std::size_t depth_ = 0;
    std::size_t next_pass_ = 0;  // the size of the value at which it is read again
    std::size_t fault_ = 0;      // the first fault so far, in buffer_; what_ says which
    std::string openers_;
    bool line_begins_ = false;  // at Place::fault: at_ is the beginning of a line
    bool fault_line_ = false;   // at Place::fault: at_ is in the line of the fault
    Skipped skipped_;

    std::uint64_t dropped_ = 0;  // bytes of the input before buffer_
    std::size_t counted_ = 0;    // lines are counted up to here in buffer_
    std::uint64_t lines_ = 1;
    std::uint64_t line_start_ = 0;  // the offset of the current line in the input

    std::string_view value_;
    Outline outline_;
    std::string what_;
    std::uint64_t line_ = 1;
    std::uint64_t offset_ = 0;
};

}  // namespace hail::json
