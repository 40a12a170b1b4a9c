// A printer of HTTP exchanges: the parts of --print, in their order.
//
// Throws:  what Console::write() throws.

#pragma once

#include <optional>
#include <string_view>

#include "cli/output/console.h"
#include "cli/output/masked_body.h"
#include "cli/rest/body_printer.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"

namespace hail::cli::rest {

// The letters of --print: H and B of the request, h and b of the reply, m the metadata.
struct Parts {
    bool request_head = false;
    bool request_body = false;
    bool reply_head = false;
    bool reply_body = false;
    bool metadata = false;

    // Throws: Error(usage) for any other letter.
    static Parts of(std::string_view letters);
};

class HttpPrinter : public http::Receiver {
  public:
    HttpPrinter(output::Console& console, Parts parts) : console_(console), parts_(parts) {}

    // A body that is read while it is sent is shown if it can be read again, or if it will never be sent.
    enum class Sending { follows, never };
    void request(const http::Request& request, Sending sending = Sending::follows,
                 output::Secrets secrets = output::Secrets::masked);  // of the head
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
