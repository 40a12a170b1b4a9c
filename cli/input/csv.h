// Reader of comma-separated values, record by record.
//
// Shape:   feed() takes the input cut at any byte; the view must live until next() returned more. next()
//          returns one of:
//          record   fields() are its values, without quotes, until the next call
//          more     call feed() or finish() first
//          end      the input is finished and nothing is left
//          fault    what() is wrong at line() and column(); reading continues after the end of that line
//          Records end in LF or CR LF; a field in quotes may contain line breaks, commas and doubled quotes.
//          Blanks belong to the values. Empty lines and a byte order mark at the beginning are skipped. Lines
//          and columns count from 1, columns in bytes.
// Memory:  one record; one larger than most_bytes is a fault.
// Throws:  nothing; a fault is a value.
// Source:  RFC 4180.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hail::cli::input {

class Csv {
  public:
    enum class Step { record, more, end, fault };

    explicit Csv(std::size_t most_bytes = std::size_t{64} << 20U) : most_bytes_(most_bytes) {}

    void feed(std::string_view bytes) { rest_ = bytes; }
    void finish() { finished_ = true; }

    Step next();

    std::span<const std::string> fields() const { return {fields_.data(), count_}; }
    // The place of the record, or of the fault.
    std::uint64_t line() const { return line_; }
    std::uint64_t column() const { return column_; }
    const std::string& what() const { return what_; }

  private:
    enum class Place {
        mark,      // the byte order mark may still come
        record,    // before a record
        field,     // before a field of a record that has begun
        plain,     // in a field without quotes
        quoted,    // in quotes
        closed,    // after a quote in quotes: the end of the field, or the first of two quotes
        carriage,  // after the CR that follows a field in quotes
        fault,     // in the rest of a line with a fault
    };

    Step at_end();
    void pass_mark();
    void begin_with_mark();
    Step read();
    void begin_field(char c);
    Step pass_plain();
    Step pass_quoted();
    Step after_quote(char c);
    Step end_record();
    Step set_fault(std::string what);
    void take(std::size_t size);
    std::string& field() { return fields_[count_ - 1]; }

    std::size_t most_bytes_;
    std::string_view rest_;  // what has been fed and not read
    bool finished_ = false;
    Place place_ = Place::mark;
    std::size_t mark_seen_ = 0;

    std::vector<std::string> fields_;  // the strings keep their memory from record to record
    std::size_t count_ = 0;
    std::size_t held_ = 0;  // bytes of the record so far
    std::uint64_t quote_line_ = 0;

    std::uint64_t at_line_ = 1;
    std::uint64_t at_column_ = 1;
    std::uint64_t line_ = 1;
    std::uint64_t column_ = 1;
    std::string what_;
};

}  // namespace hail::cli::input
