#include "cli/rest/body_printer.h"

#include <utility>

#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/http/field.h"
#include "lib/json/indent.h"

namespace hail::cli::rest {

BodyPrinter::BodyPrinter(output::Console& console, std::string_view content_type, Length length)
    : console_(console),
      content_type_(base::lower(content_type)),
      charset_(http::parameter_of(content_type_, "charset").value_or("")),
      length_(records_of(content_type) == Records::none ? length : Length::unknown) {}

void BodyPrinter::decide(std::string_view first) {
    const std::size_t at = first.find_first_not_of(" \t\r\n");
    const bool opens = at != first.npos && (first[at] == '{' || first[at] == '[');
    // Servers often label JSON wrongly, but its first byte is reliable.
    const bool json = opens || content_type_.find("json") != std::string::npos;
    const Records records = records_of(content_type_);
    if (records != Records::none && console_.indents()) {
        look_ = Look::records;
        records_.emplace(console_, records);
    } else if (console_.to_terminal() && first.find('\0') != first.npos) {
        look_ = Look::binary;
    } else if (json && console_.indents()) {
        look_ = Look::json;
        json_.emplace(console_);
    } else {
        look_ = console_.to_terminal() ? Look::text : Look::raw;
    }
}

void BodyPrinter::write(std::string_view bytes) {
    if (!bytes.empty()) {
        last_ = bytes.back();
        console_.write(bytes);
    }
}

// Prints whole lines, so that no UTF-8 sequence and no CR LF is cut; only a very long line is cut.
void BodyPrinter::text(std::string_view bytes) {
    constexpr std::size_t long_line = 65536;
    cut_ += bytes;
    const std::size_t end = cut_.size() > long_line ? cut_.size() : cut_.rfind('\n') + 1;
    std::string lines = cut_.substr(0, end);
    cut_.erase(0, end);
    for (std::size_t at = lines.find("\r\n"); at != std::string::npos; at = lines.find("\r\n", at)) {
        lines.erase(at, 1);
    }
    write(base::printable(lines));
}

// A body that comes slowly is shown while it comes.
void BodyPrinter::json(std::string_view bytes) {
    constexpr std::size_t most_held = 256UL * 1024;
    if (holds_ && length_ == Length::known && held_.size() + bytes.size() <= most_held) {
        held_ += bytes;
        return;
    }
    holds_ = false;
    json_->feed(std::exchange(held_, {}));
    json_->feed(bytes);
}

void BodyPrinter::end_json() {
    json::Indenter indenter;
    std::string dropped;
    indenter.feed(held_, dropped);
    if (!indenter.broken()) {
        json_->feed(std::exchange(held_, {}));
    } else if (console_.to_terminal()) {
        look_ = Look::text;
        text(std::exchange(held_, {}));
    } else {
        look_ = Look::raw;
        write(std::exchange(held_, {}));
    }
}

// The first bytes may be a byte order mark, and what follows it decides.
void BodyPrinter::feed(std::string_view bytes) {
    if (look_ != Look::undecided) {
        take(bytes);
        return;
    }
    cut_ += bytes;
    if (!base::byte_order_mark.starts_with(cut_)) {
        take(std::exchange(cut_, {}));
    }
}

void BodyPrinter::take(std::string_view bytes) {
    size_ += bytes.size();
    if (look_ == Look::undecided) {
        const std::string_view text = base::without_byte_order_mark(bytes);
        decide(text);
        bytes = look_ == Look::raw ? bytes : text;
    }
    std::string converted;
    if (console_.to_terminal() && base::charset_named(charset_) == base::Charset::windows_1252) {
        converted = base::utf8_of_windows_1252(bytes);
        bytes = converted;
    }
    const bool shown_safely = look_ == Look::json || look_ == Look::records;
    if (console_.to_terminal() && !shown_safely && bytes.find('\0') != bytes.npos) {
        look_ = Look::binary;
    }
    switch (look_) {
        case Look::undecided:
        case Look::binary:
            break;
        case Look::raw:
            write(bytes);
            break;
        case Look::json:
            json(bytes);
            break;
        case Look::records:
            records_->feed(bytes);
            break;
        case Look::text:
            text(bytes);
            break;
    }
    // The next part of a stream may be long in coming.
    if (length_ == Length::unknown) {
        console_.flush();
    }
}

void BodyPrinter::finish() {
    if (look_ == Look::undecided && !cut_.empty()) {
        take(std::exchange(cut_, {}));
    }
    show_end();
    if (console_.to_terminal() && base::charset_named(charset_) == base::Charset::other) {
        console_.flush();
        console_.say("the body is in " + base::one_line(charset_, 40) +
                     ", which is not converted: -o FILE keeps its bytes");
    }
}

void BodyPrinter::show_end() {
    if (look_ == Look::json) {
        end_json();
    }
    if (look_ == Look::json) {
        json_->finish();
        return;
    }
    if (look_ == Look::records) {
        records_->finish();
        return;
    }
    if (look_ == Look::text) {
        write(base::printable(std::exchange(cut_, {})));
    }
    if (console_.to_terminal() && last_ != '\n') {
        write("\n");
    }
    if (look_ == Look::binary) {
        write("(binary, " + base::format_size(size_) + ": -o FILE keeps it)\n");
    }
}

}  // namespace hail::cli::rest
