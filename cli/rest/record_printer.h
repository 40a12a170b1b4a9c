#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/json_printer.h"
#include "lib/base/event_stream.h"

// A body that is a stream of records, for a person: each is shown as soon as it is whole.
//
// Shape:   a line of NDJSON is indented JSON, or the text that it is. Of a server-sent event its name, its id where it is a
//          new one, its data (indented if it is JSON) and an empty line; comments are not shown. An event whose empty
//          line never came is shown too, and a warning says so.
// Memory:  a line beyond most_held is shown while it comes; an event as base::EventStream has it.
// Throws:  what Console::write() throws.
// Source:  https://github.com/ndjson/ndjson-spec, RFC 7464 (a record separator begins each line), the WHATWG HTML
//          standard, 9.2 (server-sent events).

namespace hail::cli::rest {

enum class Records { none, lines, events };

// What a Content-Type says.
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
    void show_data(std::string_view data);
    void write_field(std::string_view name, std::string_view value);
    void write_name(std::string_view name);
    void write_text(std::string_view text);

    output::Console& console_;
    Records records_;
    std::string line_;                         // what came of one
    std::optional<output::JsonPrinter> long_;  // shows one that is too long to be held
    base::EventStream events_;
    std::string id_;  // the last one shown
};

}  // namespace hail::cli::rest
