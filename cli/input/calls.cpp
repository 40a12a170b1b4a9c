#include "cli/input/calls.h"

#include <poll.h>

#include <utility>

#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/rpc/message.h"

namespace hail::cli::input {

Calls::Calls(std::vector<std::string> files, std::string method)
    : files_(std::move(files)), method_(std::move(method)) {
    if (files_.empty()) {
        files_.emplace_back("-");
    }
    Files checked;
    for (const std::string& name : files_) {
        checked.claim(name);
    }
}

void Calls::new_splitter() {
    json::SplitOptions options;
    options.encoding = json::Encoding::any;
    options.shape = method_.empty() ? json::SplitOptions::Shape::detect : json::SplitOptions::Shape::values;
    splitter_ = json::Splitter(options);
}

bool Calls::open_next() {
    if (opened_ == files_.size()) {
        return false;
    }
    file_.emplace(InputFile::open(files_[opened_++]));
    new_splitter();
    return true;
}

Calls::Read Calls::read() {
    pollfd waiting{.fd = file_->descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 0) == 0) {
        return Read::nothing_yet;
    }
    const std::string_view piece = file_->read();
    if (piece.empty()) {
        splitter_.finish();
        return Read::end;
    }
    splitter_.feed(piece);
    return Read::some;
}

bulk::Source::Next Calls::next(Item& item) {
    if (!file_ && !open_next()) {
        return Next::end;
    }
    while (true) {
        switch (splitter_.next()) {
            case json::Splitter::Step::value:
                return take(item);
            case json::Splitter::Step::problem:
                return fail(splitter_.what());
            case json::Splitter::Step::end:
                file_.reset();
                if (!open_next()) {
                    return Next::end;
                }
                break;
            case json::Splitter::Step::more:
                if (read() == Read::nothing_yet) {
                    return Next::wait;
                }
                break;
        }
    }
}

bulk::Source::Next Calls::take(Item& item) {
    std::string_view text = splitter_.value();
    ++count_;
    if (!method_.empty()) {
        if (const json::Kind kind = json::kind(text);
            kind != json::Kind::array && kind != json::Kind::object) {
            return fail("params are an array or an object, not " +
                        std::string(json::name_with_article(kind)));
        }
        call_ = rpc::write_request({.method = method_, .params = text, .id = std::to_string(count_)});
        text = call_;
    }
    rpc::RequestReading reading = rpc::read_checked_request(text);
    if (!reading.problem.empty()) {
        return fail(reading.problem);
    }
    item.request = reading.request;
    item.line = splitter_.line();
    return Next::item;
}

bulk::Source::Next Calls::fail(const std::string& what) {
    problem_ = base::one_line(file_->name()) + ", line " + std::to_string(splitter_.line()) + ": " + what;
    return Next::bad;
}

}  // namespace hail::cli::input
