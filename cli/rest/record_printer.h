// Prints a body that is a stream of records, for a person: each record as soon as it is complete.
//
// Shape:   a line of NDJSON is printed as indented JSON, or as text if it is not JSON. A server-sent event is
//          printed as its name, its id if it is a new one, its data (indented if it is JSON) and an empty
//          line; comments are not shown. An incomplete last event is shown too, with a warning.
// Memory:  a line longer than most_held is shown while it arrives; for an event, see base::EventStream.
// Throws:  whatever Console::write() throws.
// Source:  https://github.com/ndjson/ndjson-spec, RFC 7464 (a record separator begins each line), the WHATWG
//          HTML standard, 9.2 (server-sent events).

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/json_printer.h"
#include "lib/base/event_stream.h"

namespace hail::cli::rest {

enum class Records { none, lines, events };

// The kind of records that a Content-Type announces.
Records records_of(std::string_view content_type);

class RecordPrinter {
  public:
    static constexpr std::size_t most_held = std::size_t{1} << 20U;

    RecordPrinter(output::Console& console, Records records) : console_(console), records_(records) {}

    void feed(std::string_view bytes);
    void finish();

  private:
    void take_lines(std::string_view bytes);
    void take_piece(std::string_view piece);
    void end_line();
    void show_line(std::string_view line);
    void show(const base::Event& event);
    void warn_of_cut();
    void show_data(std::string_view data);
    void write_field(std::string_view name, std::string_view value);
    void write_name(std::string_view name);
    void write_text(std::string_view text);

    output::Console& console_;
    Records records_;
    std::string line_;                         // the beginning of the current line
    std::optional<output::JsonPrinter> long_;  // shows a line that is too long to be held
    base::EventStream events_;
    bool warned_of_cut_ = false;
    std::string id_;  // the last id shown
};

}  // namespace hail::cli::rest
