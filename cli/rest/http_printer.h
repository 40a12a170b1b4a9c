#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/json_printer.h"
#include "cli/rest/record_printer.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

// An HTTP exchange as people and pipes see it: its parts in their order, each as the console wants it.
//
// Shape:   a pipe or a file gets the body's bytes and nothing else is done to them. A terminal gets JSON indented, records
//          one by one, text with its control characters shown as escapes, and of a binary body (one with a NUL) only an
//          announcement. What has no known length, or is records, is written as it comes.
// Throws:  what Console::write() throws.

namespace hail::cli::rest {

// Which parts, as --print's letters name them: H and B of the request, h and b of the reply, m the metadata.
struct Parts {
    bool request_head = false;
    bool request_body = false;
    bool reply_head = false;
    bool reply_body = false;
    bool metadata = false;

    // Throws: Error(usage) for another letter.
    static Parts of(std::string_view letters);
};

// A body in pieces.
class BodyPrinter {
  public:
    enum class Length { known, unknown };  // unknown: it may go on for ever
    BodyPrinter(output::Console& console, std::string_view content_type, Length length);

    void feed(std::string_view bytes);
    void finish();

  private:
    enum class Look { undecided, raw, json, records, text, binary };

    void decide(std::string_view first);
    void text(std::string_view bytes);
    void write(std::string_view bytes);

    output::Console& console_;
    std::string content_type_;
    Length length_;
    Look look_ = Look::undecided;
    std::optional<output::JsonPrinter> json_;
    std::optional<RecordPrinter> records_;
    std::string cut_;  // a line or a UTF-8 sequence of text whose rest is still to come
    std::uint64_t size_ = 0;
    char last_ = '\n';
};

class HttpPrinter : public http::Receiver {
  public:
    HttpPrinter(output::Console& console, Parts parts) : console_(console), parts_(parts) {}

    // A body that is read while it is sent is shown if it can be read again, or if it will not be sent.
    enum class Sending { follows, does_not };
    void request(const http::Request& request, Sending sending = Sending::follows);
    void head(const http::ReplyHead& head) override;
    void body(std::string_view bytes) override;
    void finish(const http::Result& result);

  private:
    void write_head(std::string_view head);
    void separate();
    void write_request_body(const http::Request& request);

    output::Console& console_;
    Parts parts_;
    std::optional<BodyPrinter> body_;
    bool wrote_ = false;
};

}  // namespace hail::cli::rest
