#include "cli/rest/http_printer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/rest/metadata.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/http/secrets.h"

namespace hail::cli::rest {

Parts Parts::of(std::string_view letters) {
    Parts parts;
    const std::array<std::pair<char, bool*>, 5> known{{{'H', &parts.request_head},
                                                       {'B', &parts.request_body},
                                                       {'h', &parts.reply_head},
                                                       {'b', &parts.reply_body},
                                                       {'m', &parts.metadata}}};
    for (const char letter : letters) {
        const auto* const found =
            std::find_if(known.begin(), known.end(), [&](const auto& part) { return part.first == letter; });
        if (found == known.end()) {
            throw base::Error(base::Exit::usage,
                              "option --print: '" + base::one_line({&letter, 1}) + "' is not a part",
                              "the parts are H and B of the request, h and b of the reply, m the metadata");
        }
        *found->second = true;
    }
    return parts;
}

namespace {

// Colours the status line and the names of the fields.
std::string coloured(std::string_view head) {
    std::string out;
    bool first = true;
    while (!head.empty()) {
        const std::size_t length = std::min(head.find('\n'), head.size() - 1) + 1;
        const std::string_view line = head.substr(0, length);
        head.remove_prefix(length);
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::size_t strong = first                  ? line.find_last_not_of("\r\n") + 1
                                   : colon == line.size() ? 0
                                                          : colon;
        if (strong > 0) {
            out += first ? "\x1b[1m" : "\x1b[1;34m";
            out += line.substr(0, strong);
            out += "\x1b[0m";
        }
        out += line.substr(strong);
        first = false;
    }
    return out;
}

}  // namespace

void HttpPrinter::separate() {
    if (wrote_) {
        console_.write("\n");
    }
    wrote_ = true;
}

void HttpPrinter::write_head(std::string_view head) {
    separate();
    if (!console_.to_terminal() && !console_.colours()) {
        console_.write(head);
        return;
    }
    if (console_.to_terminal()) {
        const std::string shown = base::printable_lines(head);
        console_.write(console_.colours() ? coloured(shown) : shown);
        return;
    }
    std::string lines(head);
    std::erase(lines, '\r');
    console_.write(coloured(lines));
}

namespace {

// Reads the whole body, and waits for its source where needed.
template <typename Take>
void read_all(http::RequestBody& body, output::Console& console, Take take) {
    std::array<char, 64UL * 1024> piece{};
    while (true) {
        const http::RequestBody::Read got = body.read(piece);
        switch (got.kind) {
            case http::RequestBody::Read::Kind::bytes:
                take(std::string_view(piece.data(), got.count));
                break;
            case http::RequestBody::Read::Kind::wait:
                console.await(got.descriptor);
                break;
            case http::RequestBody::Read::Kind::end:
                return;
        }
    }
}

}  // namespace

void HttpPrinter::write_request_body(const http::Request& request) {
    wrote_ = true;
    const http::Header* const type = http::find(request.headers, "Content-Type");
    BodyPrinter printer(console_, type == nullptr ? "" : type->value, BodyPrinter::Length::known);
    char last = '\n';
    const auto take = [&](std::string_view bytes) {
        last = bytes.back();
        printer.feed(bytes);
    };
    if (request.stream) {
        read_all(*request.stream, console_, take);
        request.stream->rewind();
    } else {
        take(*request.body);
    }
    printer.finish();
    if (last != '\n' && (parts_.reply_head || parts_.reply_body) && !console_.indents()) {
        console_.write("\n");
    }
}

void HttpPrinter::request(const http::Request& request, Sending sending, output::Secrets secrets) {
    if (parts_.request_head) {
        const std::string head = http::request_head(request);
        write_head(secrets == output::Secrets::shown ? head : http::mask_secrets(head));
    }
    if (!parts_.request_body || !http::has_body(request)) {
        return;
    }
    if (request.stream && sending == Sending::follows && !request.stream->length()) {
        console_.say("the body is read while it is sent, and not shown");
    } else if (http::body_length(request) != 0) {
        write_request_body(request);
    }
}

void HttpPrinter::head(const http::ReplyHead& head) {
    if (parts_.reply_head) {
        write_head(head.bytes());
    }
    if (parts_.reply_body) {
        wrote_ = true;
        const bool known = http::stated_length(head).has_value();
        body_.emplace(console_, head.find("Content-Type").value_or(""),
                      known ? BodyPrinter::Length::known : BodyPrinter::Length::unknown);
    }
}

void HttpPrinter::body(std::string_view bytes) {
    if (body_) {
        body_->feed(bytes);
    }
}

void HttpPrinter::finish(const http::Result& result) {
    if (body_) {
        body_->finish();
    }
    if (parts_.metadata) {
        separate();
        console_.write(metadata(result, console_.indents() ? Bars::yes : Bars::no));
    }
}

}  // namespace hail::cli::rest
