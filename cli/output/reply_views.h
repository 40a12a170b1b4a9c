#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/target.h"
#include "lib/base/event_stream.h"
#include "lib/base/owned.h"
#include "lib/http/message.h"
#include "lib/json/path.h"
#include "lib/json/split.h"

// Other ways to take a reply than to print it as it comes.
//
// Throws:  what Console::write() throws; else as said below.

namespace hail::cli::output {

// Stands before another receiver: the head ends what was drawn while the request went out, and is written to a file.
// Throws: Error(output_failed).
class FrontReceiver : public http::Receiver {
  public:
    // An empty path: no file; "-" is standard output.
    FrontReceiver(http::Receiver& next, Console& console, const std::string& headers_to,
                  Begin begin = Begin::anew);

    void to(http::Receiver& next) { next_ = &next; }
    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override { next_->body(bytes); }
    bool resume(http::Request& request) override;

  private:
    http::Receiver* next_;
    Console& console_;
    std::string path_;
    base::Descriptor file_;
};

enum class Strings { as_json, raw };

// A value and a newline: on a terminal indented, else on one line; a raw string as its text.
void print_value(std::string_view value, Strings strings, Console& console);

// Prints what a path picks from each JSON value of a reply: a whole document, the records of NDJSON, the data of events;
// each as soon as it is there. Unless any status will do, nothing is picked from a reply whose status is no success;
// excerpt() has its beginning.
// Events that are not JSON ("[DONE]") are named on stderr and passed over.
// Throws: Error(bad_reply) for anything else that is not JSON.
class PickPrinter : public http::Receiver {
  public:
    enum class Statuses { success, any };
    PickPrinter(Console& console, json::Path path, Strings strings, Statuses statuses);

    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;
    void finish();

    std::uint64_t picked() const { return picked_; }
    const std::string& excerpt() const { return excerpt_; }

  private:
    enum class Mode { values, events, nothing };

    void take_values();
    void pick_from(std::string_view value);
    void pick_from_event(std::string_view data);

    Console& console_;
    json::Path path_;
    Strings strings_;
    Statuses statuses_;
    Mode mode_ = Mode::nothing;
    json::Splitter splitter_;
    base::EventStream events_;
    std::string excerpt_;
    std::uint64_t picked_ = 0;
    bool flushes_ = false;
    bool separated_ = false;  // RFC 7464: a record separator begins each value
};

// Elements as they come: one a line, or all of them as one array, which finish() closes whatever happened.
class ElementPrinter {
  public:
    enum class Shape { lines, array };

    ElementPrinter(Console& console, Shape shape, Strings strings);

    void print(std::string_view element);
    void finish();
    std::uint64_t count() const { return count_; }

  private:
    Console& console_;
    Shape shape_;
    Strings strings_;
    std::uint64_t count_ = 0;
};

}  // namespace hail::cli::output
