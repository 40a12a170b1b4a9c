// Printers of single values: the values that a path selects from a reply, and the elements of a list.
//
// Throws:  whatever Console::write() throws; the comments below name other errors.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/value_printer.h"
#include "lib/base/event_stream.h"
#include "lib/http/message.h"
#include "lib/json/path.h"
#include "lib/json/split.h"

namespace hail::cli::rest {

using output::print_value;
using output::Strings;

// Prints the values that a path selects from each JSON value of a reply, as soon as that has arrived: a whole
// document, a record of NDJSON, or the data of an event. By default nothing is picked from a reply that is
// not a success; excerpt() has its beginning. Records that are not JSON, such as the event "[DONE]" and a
// broken line of NDJSON, are reported on stderr and skipped.
// Throws: Error(bad_reply) for anything else that is not JSON, and for a value of more than max_reply bytes.
class PickPrinter : public http::Receiver {
  public:
    enum class Statuses { success, any };
    PickPrinter(output::Console& console, json::Path path, Strings strings, Statuses statuses,
                std::uint64_t max_reply);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;
    void finish();

    const json::Path& path() const { return path_; }
    std::uint64_t picked() const { return picked_; }
    const std::string& excerpt() const { return excerpt_; }

  private:
    enum class Mode { values, lines, events, nothing };

    void take_values();
    void take_lines(std::string_view bytes);
    void end_line();
    void take_events();
    void pick_from(std::string_view value);
    void pick_from_record(std::string_view name, std::string_view text);

    output::Console& console_;
    json::Path path_;
    Strings strings_;
    Statuses statuses_;
    std::uint64_t max_reply_;
    Mode mode_ = Mode::nothing;
    json::Splitter splitter_;
    base::EventStream events_;
    std::string excerpt_;
    std::uint64_t picked_ = 0;
    bool flushes_ = false;
    std::string line_;
    bool may_be_separated_ = false;  // RFC 7464: a record separator begins each value, and lines end none
    char line_end_ = '\n';
};

// Prints elements as they come: one per line, or all of them as one array, which finish() closes even after a
// failure.
class ElementPrinter {
  public:
    enum class Shape { lines, array };

    ElementPrinter(output::Console& console, Shape shape, Strings strings);

    void print(std::string_view element);
    void finish();
    std::uint64_t count() const { return count_; }

  private:
    output::Console& console_;
    Shape shape_;
    Strings strings_;
    std::uint64_t count_ = 0;
};

}  // namespace hail::cli::rest
