#include "cli/rest/picks.h"

#include <utility>

#include "cli/rest/record_printer.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/pick.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

constexpr std::size_t longest_excerpt = 200;
constexpr char sequence_separator = '\x1e';

[[noreturn]] void refuse_size(const std::string& what, std::uint64_t limit) {
    throw Error(Exit::bad_reply,
                "picking from the reply: " + what + " is larger than " + base::format_size(limit),
                "raise the limit with --max-reply");
}

}  // namespace

// --- picking -----------------------------------------------------------------------------------------------

PickPrinter::PickPrinter(output::Console& console, json::Path path, Strings strings, Statuses statuses,
                         std::uint64_t max_reply)
    : console_(console),
      path_(std::move(path)),
      strings_(strings),
      statuses_(statuses),
      max_reply_(max_reply),
      splitter_({.shape = json::SplitOptions::Shape::values,
                 .most_bytes = max_reply,
                 .encoding = json::Encoding::any}),
      events_(max_reply) {}

void PickPrinter::head(const http::ReplyHead& head) {
    if (statuses_ == Statuses::success && head.status() >= 300) {
        return;
    }
    const std::string_view type = head.find("Content-Type").value_or("");
    const Records records = records_of(type);
    mode_ = records == Records::events  ? Mode::events
            : records == Records::lines ? Mode::lines
                                        : Mode::values;
    flushes_ = records != Records::none || !http::stated_length(head);
    may_be_separated_ = base::lower(type).find("json-seq") != type.npos;
}

void PickPrinter::body(std::string_view bytes) {
    if (excerpt_.size() < longest_excerpt) {
        excerpt_ += bytes.substr(0, longest_excerpt - excerpt_.size());
    }
    if (mode_ == Mode::values) {
        splitter_.feed(bytes);
        take_values();
    } else if (mode_ == Mode::lines) {
        take_lines(bytes);
    } else if (mode_ == Mode::events) {
        events_.feed(bytes);
        take_events();
    }
    if (flushes_) {
        console_.flush();
    }
}

void PickPrinter::take_lines(std::string_view bytes) {
    if (may_be_separated_ && !bytes.empty()) {
        line_end_ = bytes.front() == sequence_separator ? sequence_separator : line_end_;
        may_be_separated_ = false;
    }
    while (!bytes.empty()) {
        const std::size_t end = bytes.find(line_end_);
        line_ += bytes.substr(0, end);
        if (line_.size() > max_reply_) {
            refuse_size("a line", max_reply_);
        }
        if (end == bytes.npos) {
            return;
        }
        end_line();
        bytes.remove_prefix(end + 1);
    }
}

void PickPrinter::end_line() {
    std::string_view line = json::trim(base::without_byte_order_mark(line_));
    line.remove_prefix(line.starts_with(sequence_separator) ? 1 : 0);
    if (!line.empty()) {  // else the server keeps the connection alive
        pick_from_record("a line", line);
    }
    line_.clear();
}

void PickPrinter::take_events() {
    const auto check_size = [&](bool cut) {
        if (cut) {
            refuse_size("an event", max_reply_);
        }
    };
    while (events_.next()) {
        check_size(events_.event().cut);
        pick_from_record("an event", events_.event().data);
    }
    check_size(events_.is_cut());
}

void PickPrinter::take_values() {
    while (true) {
        switch (splitter_.next()) {
            case json::Splitter::Step::value:
                pick_from(splitter_.value());
                break;
            case json::Splitter::Step::problem:
                if (splitter_.too_large()) {
                    refuse_size("a value", max_reply_);
                }
                throw Error(Exit::bad_reply,
                            "picking from the reply: it is not JSON: " + splitter_.what() + " in line " +
                                std::to_string(splitter_.line()),
                            "it begins with: " + base::one_line(excerpt_));
            case json::Splitter::Step::more:
            case json::Splitter::Step::end:
                return;
        }
    }
}

void PickPrinter::pick_from_record(std::string_view name, std::string_view text) {
    if (json::check(text, json::Encoding::any)) {
        console_.flush();
        console_.say("skipped " + std::string(name) + " that is not JSON: " + base::one_line(text, 60));
        return;
    }
    pick_from(text);
}

void PickPrinter::pick_from(std::string_view value) {
    for (const std::string_view found : json::pick(value, path_)) {
        print_value(found, strings_, console_);
        ++picked_;
    }
}

void PickPrinter::finish() {
    if (mode_ == Mode::values) {
        splitter_.finish();
        take_values();
    } else if (mode_ == Mode::lines) {
        end_line();
    } else if (mode_ == Mode::events) {
        if (const base::Event* const last = events_.rest()) {
            pick_from_record("an event", last->data);
            console_.flush();
            console_.warn("the stream ended within its last event");
        }
    }
}

// --- elements ----------------------------------------------------------------------------------------------

ElementPrinter::ElementPrinter(output::Console& console, Shape shape, Strings strings)
    : console_(console), shape_(shape), strings_(strings) {}

void ElementPrinter::print(std::string_view element) {
    ++count_;
    if (shape_ == Shape::lines) {
        print_value(element, strings_, console_);
        return;
    }
    console_.write(count_ == 1 ? "[\n" : ",\n");
    std::string line;
    json::append_compact(line, element);
    console_.write(console_.to_terminal() ? base::printable(line) : line);
}

void ElementPrinter::finish() {
    if (shape_ == Shape::array) {
        console_.write(count_ == 0 ? "[]\n" : "\n]\n");
    }
}

}  // namespace hail::cli::rest
