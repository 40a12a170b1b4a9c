#include "cli/input/csv.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"

namespace hail::cli::input {

Csv::Step Csv::next() {
    while (!rest_.empty()) {
        if (place_ == Place::mark) {
            pass_mark();
        } else if (const Step step = read(); step != Step::more) {
            return step;
        }
    }
    return finished_ ? at_end() : Step::more;
}

// More bytes may be needed to tell a byte order mark from the first record.
void Csv::pass_mark() {
    constexpr std::string_view mark = base::byte_order_mark;
    while (!rest_.empty() && mark_seen_ < mark.size() && rest_.front() == mark[mark_seen_]) {
        rest_.remove_prefix(1);
        ++mark_seen_;
    }
    if (mark_seen_ == mark.size() || (mark_seen_ == 0 && !rest_.empty())) {
        place_ = Place::record;
    } else if (!rest_.empty()) {
        begin_with_mark();
    }
}

// The first field begins like a byte order mark, but continues differently.
void Csv::begin_with_mark() {
    place_ = Place::record;
    begin_field(base::byte_order_mark.front());
    field() = base::byte_order_mark.substr(0, mark_seen_);
    at_column_ += mark_seen_;
}

// Reads a byte, or a run of bytes that mean nothing.
Csv::Step Csv::read() {
    const char c = rest_.front();
    switch (place_) {
        case Place::mark:
        case Place::record:
            if (c == '\n' || c == '\r') {
                take(1);
                return Step::more;
            }
            begin_field(c);
            return Step::more;
        case Place::field:
            begin_field(c);
            return Step::more;
        case Place::plain:
            return pass_plain();
        case Place::quoted:
            return pass_quoted();
        case Place::closed:
            return after_quote(c);
        case Place::carriage:
            if (c == '\n') {
                take(1);
                return end_record();
            }
            return set_fault("text after the closing quote of a field");
        case Place::fault:
            break;
    }
    take(std::min(rest_.find('\n'), rest_.size() - 1) + 1);
    place_ = at_column_ == 1 ? Place::record : Place::fault;
    return Step::more;
}

// The field may be empty: then its end is read next.
void Csv::begin_field(char c) {
    if (place_ == Place::record) {
        count_ = 0;
        held_ = 0;
        line_ = at_line_;
        column_ = at_column_;
    }
    ++count_;
    fields_.resize(std::max(fields_.size(), count_));
    field().clear();
    place_ = c == '"' ? Place::quoted : Place::plain;
    if (c == '"') {
        quote_line_ = at_line_;
        take(1);
    }
}

Csv::Step Csv::pass_plain() {
    const auto ends = [](char c) { return c == ',' || c == '\n' || c == '"'; };
    const auto end = static_cast<std::size_t>(std::find_if(rest_.begin(), rest_.end(), ends) - rest_.begin());
    if (held_ + end > most_bytes_) {
        return set_fault("the record is larger than " + base::format_size(most_bytes_));
    }
    field() += rest_.substr(0, end);
    take(end);
    if (rest_.empty()) {
        return Step::more;
    }
    if (rest_.front() == '"') {
        return set_fault("a quote inside a field that does not begin with one");
    }
    const bool comma = rest_.front() == ',';
    take(1);
    place_ = Place::field;
    if (comma) {
        return Step::more;
    }
    if (field().ends_with('\r')) {
        field().pop_back();
    }
    return end_record();
}

Csv::Step Csv::pass_quoted() {
    const std::size_t end = std::min(rest_.find('"'), rest_.size());
    if (held_ + end > most_bytes_) {
        return set_fault("the record is larger than " + base::format_size(most_bytes_));
    }
    field() += rest_.substr(0, end);
    take(end);
    if (!rest_.empty()) {
        take(1);
        place_ = Place::closed;
    }
    return Step::more;
}

Csv::Step Csv::after_quote(char c) {
    switch (c) {
        case '"':
            field() += '"';
            place_ = Place::quoted;
            break;
        case ',':
            place_ = Place::field;
            break;
        case '\r':
            place_ = Place::carriage;
            break;
        case '\n':
            take(1);
            return end_record();
        default:
            return set_fault(
                "text after the closing quote of a field" +
                (quote_line_ == at_line_ ? "" : " that begins in line " + std::to_string(quote_line_)));
    }
    take(1);
    return Step::more;
}

Csv::Step Csv::end_record() {
    place_ = Place::record;
    return Step::record;
}

Csv::Step Csv::at_end() {
    switch (place_) {
        case Place::mark:
            if (mark_seen_ == 0) {
                return Step::end;
            }
            begin_with_mark();
            return end_record();
        case Place::field:
            begin_field('\n');  // the line ends in a comma: the last field is empty
            return end_record();
        case Place::plain:
            if (field().ends_with('\r')) {
                field().pop_back();
            }
            return end_record();
        case Place::closed:
        case Place::carriage:
            return end_record();
        case Place::quoted:
            return set_fault("the input ends within the quotes that open in line " +
                             std::to_string(quote_line_));
        case Place::record:
        case Place::fault:
            break;
    }
    return Step::end;
}

Csv::Step Csv::set_fault(std::string what) {
    what_ = std::move(what);
    line_ = at_line_;
    column_ = at_column_;
    place_ = Place::fault;
    return Step::fault;
}

void Csv::take(std::size_t size) {
    const std::string_view passed = rest_.substr(0, size);
    const std::size_t last = passed.rfind('\n');
    if (last == passed.npos) {
        at_column_ += size;
    } else {
        at_line_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
        at_column_ = size - last;
    }
    held_ += size;
    rest_.remove_prefix(size);
}

}  // namespace hail::cli::input
