// A printer of bodies, in pieces, for a pipe or a terminal.
//
// Shape:   a pipe or a file gets the bytes unchanged. A terminal gets JSON indented, records one by one, text
//          with its control characters escaped, and of a binary body (one with a NUL) only an announcement. A
//          body of unknown length, or one of records, is written as it comes. A byte order mark is left out
//          of what is indented or shown on a terminal. There, text in ISO-8859-1, windows-1252 or US-ASCII
//          is shown as UTF-8, and another character set is named.
//          If a body of up to 256 KiB looks like JSON but is not valid, it is written unchanged.
// Throws:  what Console::write() throws.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/json_printer.h"
#include "cli/rest/record_printer.h"

namespace hail::cli::rest {

class BodyPrinter {
  public:
    enum class Length { known, unknown };  // unknown: it may never end
    BodyPrinter(output::Console& console, std::string_view content_type, Length length);

    void feed(std::string_view bytes);
    void finish();

  private:
    enum class Look { undecided, raw, json, records, text, binary };

    void decide(std::string_view first);
    void take(std::string_view bytes);
    void show_end();
    void text(std::string_view bytes);
    void json(std::string_view bytes);
    void end_json();
    void write(std::string_view bytes);

    output::Console& console_;
    std::string content_type_;
    std::string charset_;  // that it names
    Length length_;
    Look look_ = Look::undecided;
    std::optional<output::JsonPrinter> json_;
    std::optional<RecordPrinter> records_;
    std::string held_;  // the beginning of JSON, until it is known to be some
    bool holds_ = true;
    std::string cut_;  // the beginning of a byte order mark, a line or a UTF-8 sequence
    std::uint64_t size_ = 0;
    char last_ = '\n';
};

}  // namespace hail::cli::rest
