#include "cli/rpc/reply_receiver.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/event_stream.h"
#include "lib/base/text.h"
#include "lib/http/media_type.h"

namespace hail::cli::rpc {

namespace {

constexpr std::size_t held_result = std::size_t{256} << 10U;
constexpr std::size_t quoted = std::size_t{4} << 10U;  // kept of events

}  // namespace

ReplyReceiver::ReplyReceiver(std::string id, std::uint64_t max_reply, Results results,
                             output::Console& console)
    : id_(std::move(id)), max_reply_(max_reply), wanted_(results), console_(console), printer_(console) {}

void ReplyReceiver::head(const http::ReplyHead& head) {
    head_ = head;
    if (const auto warning = http::framing_warning("POST", head)) {
        console_.warn(*warning);
    }
    form_ = Form::undecided;
    text_.clear();
    events_.reset();
    results_.reset();
}

bool ReplyReceiver::resume(http::Request& /*request*/) {
    return !has_streamed();
}

// A notification is owed nothing: a stream that answers it need not be read.
bool ReplyReceiver::wants_more() const {
    const bool events = form_ == Form::events || (form_ == Form::undecided && http::is_event_stream(head_));
    return !events || (!id_.empty() && !(events_ && events_->is_answered()));
}

// By the first byte that is not white space: no JSON begins with a field of an event, or with a colon.
ReplyReceiver::Form ReplyReceiver::form_of(std::string_view beginning) const {
    const std::string_view text = base::trim(base::without_byte_order_mark(beginning));
    if (text.empty() || base::byte_order_mark.starts_with(text)) {
        return Form::undecided;
    }
    if (std::string_view(":deir").find(text.front()) != text.npos) {
        return Form::events;
    }
    return text.front() == '{' && wanted_ == Results::streamed ? Form::object : Form::whole;
}

void ReplyReceiver::body(std::string_view bytes) {
    if (form_ != Form::undecided) {
        take(bytes);
        return;
    }
    keep(bytes);
    form_ = form_of(text_);
    if (form_ == Form::events) {
        events_.emplace(id_, max_reply_);
        take_events(text_);
    } else if (form_ == Form::object) {
        results_.emplace(held_result, [this](std::string_view piece) { printer_.feed(piece); });
        take(std::exchange(text_, {}));
    }
}

void ReplyReceiver::take(std::string_view bytes) {
    if (form_ == Form::events) {
        text_ += bytes.substr(0, quoted - std::min(quoted, text_.size()));
        take_events(bytes);
    } else if (form_ == Form::object) {
        results_->feed(bytes);
        keep({});
    } else {
        keep(bytes);
    }
}

void ReplyReceiver::keep(std::string_view bytes) {
    if (bytes.size() > max_reply_ || text().size() > max_reply_ - bytes.size()) {
        throw base::Error(base::Exit::bad_reply,
                          "reading the reply: it is larger than " + base::format_size(max_reply_),
                          "raise the limit with --max-reply");
    }
    text_ += bytes;
}

void ReplyReceiver::take_events(std::string_view bytes) {
    events_->feed(bytes);
    say_others();
    if (events_->is_too_large()) {
        throw base::Error(base::Exit::bad_reply,
                          "reading the reply: an event is larger than " + base::format_size(max_reply_),
                          "raise the limit with --max-reply");
    }
}

void ReplyReceiver::say_others() {
    for (const std::string& other : events_->take_others()) {
        console_.say("message from the server: " + base::one_line(other));
    }
}

hail::rpc::Reply ReplyReceiver::read() {
    if (events_ && base::is_event_stream(text_)) {
        hail::rpc::Reply reply = events_->finish();
        say_others();
        return reply;
    }
    if (!results_) {
        return hail::rpc::read_reply(text_, id_);
    }
    const std::string fault = results_->finish();
    hail::rpc::Reply reply = hail::rpc::read_reply(results_->text(), id_);
    if (!fault.empty() && reply.kind == hail::rpc::Reply::Kind::result) {
        reply.kind = hail::rpc::Reply::Kind::problem;
        reply.problem = "the reply cannot be read: " + fault;
    }
    return reply;
}

void ReplyReceiver::finish_streamed() {
    printer_.finish();
    if (!printer_.ended_line()) {
        console_.write("\n");
    }
}

}  // namespace hail::cli::rpc
