#include "cli/input/calls.h"

#include <fnmatch.h>
#include <poll.h>

#include <algorithm>
#include <span>
#include <utility>

#include "cli/input/params.h"
#include "cli/input/words.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/batch/record.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

Calls::Calls(std::vector<std::string> files, std::string method, CallsForm form)
    : files_(std::move(files)), method_(std::move(method)), wanted_(form) {
    if (files_.empty()) {
        files_.emplace_back("-");
    }
    for (const std::string& name : files_) {
        access_.claim(name);
    }
}

bool Calls::open_next() {
    if (opened_ == files_.size()) {
        return false;
    }
    file_.emplace(InputFile::open(files_[opened_++]));
    form_ = wanted_;
    ended_ = false;
    begun_ = false;
    json::SplitOptions options;
    options.encoding = json::Encoding::any;
    options.shape = method_.empty() ? json::SplitOptions::Shape::detect : json::SplitOptions::Shape::values;
    splitter_ = json::Splitter(options);
    lines_ = Records(Framing::lines, options.most_bytes);
    return true;
}

Calls::Read Calls::read() {
    pollfd waiting{.fd = file_->descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 0) == 0) {
        return Read::nothing_yet;
    }
    std::string_view piece = file_->read();
    if (piece.empty()) {
        splitter_.finish();
        lines_.finish();
        ended_ = true;
        return Read::end;
    }
    piece = begun_ ? piece : base::without_byte_order_mark(piece);
    begun_ = true;
    const std::size_t first = piece.find_first_not_of(" \t\r\n");
    if (form_ == CallsForm::detect && first != std::string_view::npos) {
        form_ = piece[first] == '[' || piece[first] == '{' ? CallsForm::json : CallsForm::lines;
    }
    if (form_ != CallsForm::json) {
        lines_.feed(piece);
    }
    if (form_ != CallsForm::lines) {
        splitter_.feed(piece);
    }
    return Read::some;
}

Calls::Step Calls::step(std::string_view& text) {
    if (form_ != CallsForm::lines) {
        const Step step = splitter_.next();
        text = splitter_.value();
        line_ = splitter_.line();
        return step;
    }
    while (const auto record = lines_.next()) {
        if (!base::trim(*record).empty()) {
            text = *record;
            line_ = lines_.number();
            return Step::value;
        }
    }
    return ended_ ? Step::end : Step::more;
}

bulk::Source::Next Calls::next(bulk::Record& record) {
    if (!problem_.empty() || (!file_ && !open_next())) {
        return Next::end;
    }
    while (true) {
        std::string_view text;
        switch (step(text)) {
            case Step::value:
                take(text, record);
                return Next::record;
            case Step::problem:
                give_fault({}, splitter_.what(), record);
                problem_ = fault_;
                return Next::record;
            case Step::end:
                file_.reset();
                if (!open_next()) {
                    return Next::end;
                }
                break;
            case Step::more:
                if (read() == Read::nothing_yet) {
                    return Next::wait;
                }
                break;
        }
    }
}

void Calls::take(std::string_view text, bulk::Record& record) {
    ++count_;
    std::string_view call = text;
    if (form_ == CallsForm::lines || !method_.empty()) {
        if (const std::string fault = make_call(text); !fault.empty()) {
            give_fault(text, fault, record);
            return;
        }
        call = call_;
    }
    const bool as_read = call.data() == splitter_.value().data();
    const rpc::RequestReading reading =
        as_read ? rpc::read_request(call, splitter_.outline()) : rpc::read_request(call);
    if (!reading.problem.empty()) {
        give_fault(text, reading.problem, record);
        return;
    }
    record = hail::batch::record_of(reading.request, line_);
    record.idempotent = is_repeatable(reading.request.method);
}

bool Calls::is_repeatable(std::string_view method) const {
    if (repeatable_.empty()) {
        return false;
    }
    const std::string name = json::unquote(method);
    return std::any_of(repeatable_.begin(), repeatable_.end(), [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
    });
}

// Fills in call_. Returns the fault, or an empty string.
std::string Calls::make_call(std::string_view params_or_line) {
    return form_ == CallsForm::lines ? call_of_line(params_or_line) : call_of_value(params_or_line);
}

std::string Calls::call_of_value(std::string_view params) {
    const json::Kind kind = json::kind(params);
    if (kind != json::Kind::array && kind != json::Kind::object) {
        return "params must be an array or an object, not " + std::string(json::name_with_article(kind));
    }
    call_ = rpc::write_request({.method = method_, .params = params, .id = std::to_string(count_)});
    return {};
}

std::string Calls::call_of_line(std::string_view line) {
    auto words = words_of(line);
    if (!words) {
        return "it ends within a string, an array or an object";
    }
    std::span<const std::string> params(*words);
    const std::string& method = method_.empty() ? params.front() : method_;
    if (method_.empty()) {
        params = params.subspan(1);
    }
    if (!base::is_utf8(line)) {
        return "it is not UTF-8";
    }
    try {
        call_ = rpc::write_request(
            {.method = method, .params = params_of(params, none_), .id = std::to_string(count_)});
    } catch (const base::Error& error) {  // one wrong line does not end the command
        return error.what() + (error.hint().empty() ? "" : "; " + error.hint());
    }
    return {};
}

void Calls::give_fault(std::string_view text, const std::string& what, bulk::Record& record) {
    fault_ = base::one_line(file_->name()) + ", line " + std::to_string(line_) + ": " + what;
    record = {.text = text, .fault = fault_, .line = line_};
}

}  // namespace hail::cli::input
