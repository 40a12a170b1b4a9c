#include "cli/input/calls.h"

#include <fnmatch.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "cli/input/params.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/batch/record.h"
#include "lib/json/string.h"

namespace hail::cli::input {

namespace {

std::vector<std::string> files_of(const CallsOptions& options) {
    return options.table.empty() ? options.files : std::vector<std::string>{options.table};
}

// The template of --params, which may also be in a file.
std::optional<ParamsTemplate> template_of(const CallsOptions& options) {
    if (options.table.empty()) {
        return std::nullopt;
    }
    Files access;
    access.claim(options.table);
    return ParamsTemplate(whole_params(options.params, access));
}

}  // namespace

Calls::Calls(CallsOptions options)
    : options_(std::move(options)), params_(template_of(options_)), files_(files_of(options_)) {}

void Calls::rewind() {
    file_.reset();
    reader_.reset();
    files_.rewind();
    count_ = 0;
    broken_file_.clear();
}

bool Calls::open_next() {
    file_ = files_.open();
    reader_.reset();
    lead_.clear();
    lead_lines_ = 0;
    if (file_ && params_) {
        reader_ = table_calls(options_.method, *params_);
    }
    return file_.has_value();
}

// Waits for no one: a bulk run has other things to do.
Calls::Read Calls::read() {
    pollfd waiting{.fd = file_->descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 0) == 0) {
        return Read::nothing_yet;
    }
    const std::string_view piece = file_->read();
    if (!reader_) {
        detect_form(piece);
    } else if (piece.empty()) {
        reader_->finish();
    } else {
        reader_->feed(piece);
    }
    return Read::some;
}

// The first byte after white space decides.
void Calls::detect_form(std::string_view piece) {
    const bool ended = piece.empty();
    lead_ += piece;
    const bool may_be_mark =
        base::byte_order_mark.starts_with(lead_) && lead_.size() < base::byte_order_mark.size();
    if (may_be_mark && !ended) {
        return;
    }
    lead_ = base::without_byte_order_mark(lead_);
    const std::size_t first = lead_.find_first_not_of(" \t\r\n");
    const std::size_t line = lead_.rfind('\n', first) + 1;  // npos + 1 is 0: the first line
    lead_lines_ += static_cast<std::uint64_t>(std::count(lead_.data(), lead_.data() + line, '\n'));
    lead_.erase(0, line);
    if (first == lead_.npos && !ended) {
        return;
    }
    const char c = first == lead_.npos ? '\n' : lead_[first - line];
    const CallsForm seen = c == '[' || c == '{' ? CallsForm::json : CallsForm::lines;
    const bool json = (options_.form == CallsForm::detect ? seen : options_.form) == CallsForm::json;
    reader_ = json ? json_calls(options_.method) : line_calls(options_.method);
    reader_->feed(lead_);
    if (ended) {
        reader_->finish();
    }
}

bulk::Source::Next Calls::next(bulk::Record& record) {
    while (file_ || open_next()) {
        switch (reader_ ? reader_->next(count_ + 1) : CallReader::Step::more) {
            case CallReader::Step::call:
                take(reader_->found(), record);
                return Next::record;
            case CallReader::Step::fault:
                ++count_;
                give_fault(reader_->found(), reader_->found().what, record);
                return Next::record;
            case CallReader::Step::broken:
                ++count_;
                give_fault(reader_->found(), reader_->found().what, record);
                broken_file_ = base::one_line(file_->name());
                file_.reset();
                return Next::record;
            case CallReader::Step::refused:
                give_fault(reader_->found(), reader_->found().what, record);
                throw base::Error(base::Exit::bad_input, "reading " + fault_, "nothing was sent");
            case CallReader::Step::end:
                file_.reset();
                break;
            case CallReader::Step::more:
                if (read() == Read::nothing_yet) {
                    return Next::wait;
                }
                break;
        }
    }
    return Next::end;
}

void Calls::take(const CallReader::Found& found, bulk::Record& record) {
    ++count_;
    rpc::RequestReading reading = found.outline != nullptr ? rpc::read_request(found.text, *found.outline)
                                                           : rpc::read_request(found.text);
    if (!reading.problem.empty()) {
        give_fault(found, reading.problem, record);
        return;
    }
    if (options_.add_ids && reading.request.is_notification()) {
        add_id(reading.request);
    }
    record = hail::batch::record_of(reading.request, lead_lines_ + found.line);
    record.idempotent = is_repeatable(reading.request.method);
}

// The id is the place of the call in the input, from 0, as the output counts.
void Calls::add_id(rpc::Request& request) {
    const std::string id = std::to_string(count_ - 1);
    constexpr std::string_view before = "{\"id\":";
    call_ = before;
    call_ += id;
    call_ += ',';
    call_ += request.text.substr(1);
    request.text = call_;
    request.id = request.text.substr(before.size(), id.size());
}

bool Calls::is_repeatable(std::string_view method) const {
    if (options_.repeatable.empty()) {
        return false;
    }
    const std::string name = json::unquote(method);
    return std::any_of(
        options_.repeatable.begin(), options_.repeatable.end(),
        [&](const std::string& pattern) { return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0; });
}

void Calls::give_fault(const CallReader::Found& found, const std::string& what, bulk::Record& record) {
    const std::uint64_t line = lead_lines_ + found.line;
    fault_ = base::one_line(file_->name()) + ", line " + std::to_string(line) + ", column " +
             std::to_string(found.column) + ": " + what;
    record = {.text = found.text, .fault = fault_, .line = line};
}

}  // namespace hail::cli::input
