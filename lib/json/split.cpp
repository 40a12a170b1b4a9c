#include "lib/json/split.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/json/bytes.h"
#include "lib/json/scanner.h"

namespace hail::json {

namespace {

constexpr std::string_view array_ends_early = "the array ends too early";
// A fault this close to the limit may depend on the bytes beyond it.
constexpr std::size_t longest_token = 6;

}  // namespace

void Splitter::feed(std::string_view bytes) {
    locate(at_);
    buffer_.erase(0, at_);
    dropped_ += at_;
    scan_ -= std::min(scan_, at_);
    counted_ -= at_;
    at_ = 0;
    value_ = {};
    buffer_ += bytes;
}

Splitter::Step Splitter::next() {
    if (failed_) {
        return Step::problem;
    }
    switch (token_) {
        case Token::none:
            return step();
        case Token::scalar:
            return scan_scalar();
        case Token::string:
        case Token::container:
            break;
    }
    return scan_value();
}

// False when more bytes are needed.
bool Splitter::pass_mark() {
    const std::string_view text(buffer_);
    if (!finished_ && text.size() < base::byte_order_mark.size() && base::byte_order_mark.starts_with(text)) {
        return false;
    }
    at_ += text.size() - base::without_byte_order_mark(text).size();
    passed_mark_ = true;
    return true;
}

// Skips everything between values, up to the next one.
Splitter::Step Splitter::step() {
    if (!passed_mark_ && !pass_mark()) {
        return Step::more;
    }
    if (place_ == Place::fault && !skip_to_line()) {
        return finished_ ? Step::end : Step::more;
    }
    while (true) {
        while (at_ < buffer_.size() && is_space(buffer_[at_])) {
            ++at_;
        }
        if (at_ == buffer_.size()) {
            return finished_ ? at_end() : Step::more;
        }
        const char c = buffer_[at_];
        switch (place_) {
            case Place::start:
                elements_ = options_.shape == SplitOptions::Shape::elements ||
                            (options_.shape == SplitOptions::Shape::detect && c == '[');
                if (elements_ && c != '[') {
                    return set_problem(at_, "expected '['");
                }
                place_ = elements_ ? Place::first_element : Place::value;
                at_ += elements_ ? 1 : 0;
                break;
            case Place::first_element:
                place_ = c == ']' ? Place::after : Place::value;
                at_ += c == ']' ? 1 : 0;
                break;
            case Place::separator:
                if (c != ',' && c != ']') {
                    return set_problem(at_, "expected ',' or ']'");
                }
                place_ = c == ',' ? Place::value : Place::after;
                ++at_;
                break;
            case Place::after:
                return set_problem(at_, "unexpected text after the array");
            case Place::value:
                return start_value();
            case Place::fault:
                break;
        }
    }
}

Splitter::Step Splitter::at_end() {
    const bool cut = elements_ && place_ != Place::after;
    return cut ? set_problem(at_, std::string(array_ends_early)) : Step::end;
}

Splitter::Step Splitter::start_value() {
    const char c = buffer_[at_];
    in_string_ = c == '"';
    depth_ = c == '{' || c == '[' ? 1 : 0;
    token_ = in_string_ ? Token::string : depth_ == 1 ? Token::container : Token::scalar;
    scan_ = at_ + 1;
    if (token_ == Token::scalar) {
        return scan_scalar();
    }
    next_pass_ = 2 * (buffer_.size() - at_);
    const auto step = pass_value();
    return step ? *step : scan_value();
}

// Reads the value; nothing if its end or its first fault is not certain yet.
template <Encoding encoding>
std::optional<Splitter::Step> Splitter::pass_value() {
    const char* const begin = buffer_.data();
    Scanner<encoding> scanner(begin + buffer_.size());
    const char* const value_end = scanner.value(begin + at_, outline_);
    if (value_end != nullptr) {
        scan_ = static_cast<std::size_t>(value_end - begin);
        return scan_ - at_ > options_.most_bytes ? set_too_large() : take_value();
    }
    fault_ = static_cast<std::size_t>(scanner.fault() - begin);
    what_ = scanner.what();
    if (scanner.may_be_cut() || fault_ - at_ + longest_token > options_.most_bytes) {
        return std::nullopt;
    }
    return set_problem(fault_, what_);
}

std::optional<Splitter::Step> Splitter::pass_value() {
    return options_.encoding == Encoding::utf8 ? pass_value<Encoding::utf8>() : pass_value<Encoding::any>();
}

// Continues a value that was cut.
Splitter::Step Splitter::scan_value() {
    const bool complete = is_complete();
    const std::size_t held = scan_ - at_;
    const bool too_large = held > options_.most_bytes;
    if (!complete && !finished_ && !too_large && held < next_pass_) {
        return Step::more;
    }
    next_pass_ = 2 * held;
    if (const auto step = pass_value()) {
        return *step;
    }
    if (too_large) {
        return set_too_large();
    }
    if (!complete && !finished_) {
        return Step::more;
    }
    return !complete && elements_ ? set_problem(buffer_.size(), std::string(array_ends_early))
                                  : set_problem(fault_, what_);
}

Splitter::Step Splitter::scan_scalar() {
    const bool complete = is_complete();
    if (scan_ - at_ > options_.most_bytes) {
        return set_too_large();
    }
    if (!complete && (!finished_ || elements_)) {
        // Even a number: its next digit may be missing.
        return finished_ ? set_problem(buffer_.size(), std::string(array_ends_early)) : Step::more;
    }
    outline_.clear();
    const std::string_view text = std::string_view(buffer_).substr(at_, scan_ - at_);
    const auto problem = check(text, options_.encoding);
    return problem ? set_problem(at_ + problem->offset, std::string(problem->what)) : take_value();
}

// Looks for the end of the value by its quotes and brackets alone; pass_value() checks the value.
bool Splitter::is_complete() {
    if (token_ == Token::scalar) {
        const auto ends = [](char c) { return is_space(c) || c == ',' || c == ':' || is_structure(c); };
        if (ends(buffer_[at_])) {
            return true;  // neither a scalar nor any other value
        }
        const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(scan_);
        scan_ = static_cast<std::size_t>(std::find_if(from, buffer_.end(), ends) - buffer_.begin());
        return scan_ < buffer_.size();
    }
    while (scan_ < buffer_.size()) {
        if (in_string_ ? !pass_string() : !pass_structure()) {
            return false;
        }
        if (!in_string_ && depth_ == 0) {
            return true;
        }
    }
    return false;
}

// False if more bytes are needed.
bool Splitter::pass_string() {
    const char* const begin = buffer_.data();
    const char* const end = begin + buffer_.size();
    scan_ = static_cast<std::size_t>(plain_end<HighBytes::pass>(begin + scan_, end) - begin);
    if (scan_ == buffer_.size()) {
        return false;
    }
    if (buffer_[scan_] == '\\') {
        if (scan_ + 1 == buffer_.size()) {
            return false;
        }
        scan_ += 2;
        return true;
    }
    if (buffer_[scan_] != '"') {
        depth_ = 0;  // a control character: the fault is here, not at the end of the input
    }
    in_string_ = false;
    ++scan_;
    return true;
}

bool Splitter::pass_structure() {
    const char* const begin = buffer_.data();
    const char* const end = begin + buffer_.size();
    scan_ = static_cast<std::size_t>(structure(begin + scan_, end) - begin);
    if (scan_ == buffer_.size()) {
        return false;
    }
    const char c = buffer_[scan_++];
    in_string_ = c == '"';
    if (!in_string_) {
        depth_ += c == '{' || c == '[' ? 1 : std::size_t{0} - 1;
    }
    return true;
}

Splitter::Step Splitter::take_value() {
    value_ = std::string_view(buffer_).substr(at_, scan_ - at_);
    locate(at_);
    at_ = scan_;
    token_ = Token::none;
    place_ = elements_ ? Place::separator : Place::value;
    return Step::value;
}

Splitter::Step Splitter::set_problem(std::size_t at, std::string what) {
    locate(at);
    at_ = at;
    value_ = {};
    what_ = std::move(what);
    token_ = Token::none;
    failed_ = true;
    return Step::problem;
}

Splitter::Step Splitter::set_too_large() {
    too_large_ = true;
    return set_problem(at_, "the value is larger than " + std::to_string(options_.most_bytes) + " bytes");
}

bool Splitter::resume(std::string_view openers) {
    if (elements_) {
        return false;
    }
    line_begins_ = column() == 1 && !too_large_;
    at_ += too_large_ ? options_.most_bytes : 0;
    fault_line_ = true;
    place_ = Place::fault;
    openers_ = openers;
    failed_ = false;
    too_large_ = false;
    return true;
}

// False if no such line has arrived yet.
bool Splitter::skip_to_line() {
    while (at_ < buffer_.size()) {
        if (line_begins_ && openers_.find(buffer_[at_]) != openers_.npos) {
            place_ = Place::value;
            return true;
        }
        const std::size_t feed = std::min(buffer_.find('\n', at_), buffer_.size());
        const auto line = std::string_view(buffer_).substr(at_, feed - at_);
        if (!fault_line_ && !std::all_of(line.begin(), line.end(), is_space)) {
            locate(at_);
            skipped_ = {skipped_.first == 0 ? line_ : skipped_.first, line_};
        }
        line_begins_ = feed < buffer_.size();
        fault_line_ = fault_line_ && !line_begins_;
        at_ = feed + (line_begins_ ? 1 : 0);
    }
    return false;
}

void Splitter::locate(std::size_t at) {
    if (at > counted_) {
        const std::string_view passed = std::string_view(buffer_).substr(0, at);
        for (std::size_t feed = passed.find('\n', counted_); feed != passed.npos;
             feed = passed.find('\n', feed + 1)) {
            ++lines_;
            line_start_ = dropped_ + feed + 1;
        }
        counted_ = at;
    }
    line_ = lines_;
    offset_ = dropped_ + at;
}

}  // namespace hail::json
