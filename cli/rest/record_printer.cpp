#include "cli/rest/record_printer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

constexpr char record_separator = '\x1e';

// Without its separators.
std::string_view bare(std::string_view line) {
    line.remove_prefix(line.starts_with(record_separator) ? 1 : 0);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    return line;
}

bool is_json(std::string_view text) {
    return !json::check(text, json::Encoding::any);
}

}  // namespace

Records records_of(std::string_view content_type) {
    // Servers send these; most of them are not registered.
    static constexpr std::array<std::string_view, 7> names{
        "ndjson", "jsonl", "json-lines", "json-seq", "stream+json", "x-json-stream", "jsonstream"};
    const std::string type = base::lower(base::trim(content_type.substr(0, content_type.find(';'))));
    if (type == "text/event-stream") {
        return Records::events;
    }
    const bool lines = std::any_of(names.begin(), names.end(),
                                   [&](std::string_view name) { return type.find(name) != type.npos; });
    return lines ? Records::lines : Records::none;
}

void RecordPrinter::feed(std::string_view bytes) {
    if (records_ == Records::lines) {
        take_lines(bytes);
        return;
    }
    events_.feed(bytes);
    while (events_.next()) {
        show(events_.event());
    }
    if (events_.is_cut()) {
        warn_of_cut();
    }
}

void RecordPrinter::finish() {
    if (records_ == Records::lines) {
        end_line();
    } else if (const base::Event* const last = events_.rest()) {
        show(*last);
        console_.flush();
        console_.warn("the stream ended within this event");
    }
}

// --- lines -------------------------------------------------------------------------------------------------

void RecordPrinter::take_lines(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
        if (end == bytes.npos) {
            take_piece(piece);
        } else if (line_.empty() && !long_) {
            show_line(piece);
        } else {
            take_piece(piece);
            end_line();
        }
    }
}

void RecordPrinter::take_piece(std::string_view piece) {
    if (long_) {
        long_->feed(piece);
        return;
    }
    line_ += piece;
    if (line_.size() > most_held) {
        long_.emplace(console_);
        long_->feed(bare(line_));
        line_.clear();
    }
}

void RecordPrinter::end_line() {
    if (!long_) {
        show_line(line_);
        line_.clear();
        return;
    }
    long_->finish();
    if (!long_->ended_line()) {
        console_.write("\n");
    }
    long_.reset();
}

void RecordPrinter::show_line(std::string_view line) {
    line = bare(line);
    if (json::trim(line).empty()) {
        return;  // the server keeps the connection alive
    }
    if (is_json(line)) {
        print_json(line, console_);
    } else {
        write_text(line);
    }
}

// --- events ------------------------------------------------------------------------------------------------

void RecordPrinter::show(const base::Event& event) {
    if (!event.type.empty()) {
        write_field("event", event.type);
    }
    if (!event.id.empty() && event.id != id_) {
        write_field("id", event.id);
        id_ = event.id;
    }
    show_data(event.data);
    console_.write("\n");
    if (event.cut) {
        warn_of_cut();
        warned_of_cut_ = false;  // of the next one
    }
}

// As soon as it is known: the end of the event may never come.
void RecordPrinter::warn_of_cut() {
    if (!std::exchange(warned_of_cut_, true)) {
        console_.flush();
        console_.warn("this event is larger than " + base::format_size(base::EventStream::most_bytes) +
                      " and is truncated");
    }
}

void RecordPrinter::show_data(std::string_view data) {
    if (is_json(data)) {
        write_name("data");
        print_json(data, console_);
        return;
    }
    while (true) {
        const std::size_t end = data.find('\n');
        write_field("data", data.substr(0, end));
        if (end == data.npos) {
            return;
        }
        data.remove_prefix(end + 1);
    }
}

void RecordPrinter::write_field(std::string_view name, std::string_view value) {
    write_name(name);
    write_text(value);
}

// In the colour of the header names.
void RecordPrinter::write_name(std::string_view name) {
    const std::string text(name);
    console_.write(console_.colours() ? "\x1b[1;34m" + text + "\x1b[0m: " : text + ": ");
}

void RecordPrinter::write_text(std::string_view text) {
    const std::string line(text);
    console_.write((console_.to_terminal() ? base::printable(line) : line) + "\n");
}

}  // namespace hail::cli::rest
