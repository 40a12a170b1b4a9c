#include "cli/rest/head_tap.h"

#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/text.h"
#include "lib/http/decode.h"

namespace hail::cli::rest {

namespace {

// A terminal would obey the control characters of the server.
std::string shown_by(const base::Descriptor& file, std::string_view head) {
    return ::isatty(file.number()) == 1 ? base::printable_lines(head) : std::string(head);
}

}  // namespace

HeadTap::HeadTap(const http::Request& request, http::Receiver& next, output::Console& console,
                 const std::string& path, base::WriteMode mode)
    : request_(request), next_(next), console_(console), path_(path), mode_(mode) {
    if (path_ == "-" && !console.to_stdout()) {
        path_ = "/dev/stdout";
    }
    if (!path_.empty() && path_ != "-") {
        file_ = base::open_for_writing(path_, base::WriteMode::append);
    }
}

void HeadTap::head(const http::ReplyHead& head) {
    console_.erase();
    if (path_ == "-") {
        console_.write(console_.to_terminal() ? base::printable_lines(head.bytes())
                                              : std::string(head.bytes()));
    }
    // An old head stays until there is a new one.
    if (file_ && mode_ == base::WriteMode::truncate && base::named_descriptor(path_) < 0) {
        forget();
    }
    if (file_ && !base::write_all(file_.number(), shown_by(file_, head.bytes()))) {
        base::throw_output_error("writing", path_);
    }
    if (const auto warning = http::framing_warning(request_.method, head)) {
        console_.warn(*warning);
    }
    warning_ = http::undecoded_warning(request_, head);
    next_.head(head);
}

void HeadTap::body(std::string_view bytes) {
    if (warning_) {
        console_.warn(*warning_);
        warning_.reset();
    }
    next_.body(bytes);
}

bool HeadTap::resume(http::Request& request) {
    if (!next_.resume(request)) {
        return false;
    }
    if (file_) {
        forget();
    }
    return true;
}

// A pipe keeps every head.
void HeadTap::forget() {
    if (::ftruncate(file_.number(), 0) == 0) {
        ::lseek(file_.number(), 0, SEEK_SET);
    }
}

}  // namespace hail::cli::rest
