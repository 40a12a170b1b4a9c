#include "lib/rest/page_walk.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::rest {

PageWalk::PageWalk(Send send, http::Request first, WalkOptions options, const Terms& terms)
    : send_(std::move(send)),
      request_(std::move(first)),
      options_(std::move(options)),
      terms_(terms),
      seen_{request_.url} {}

bool PageWalk::next() {
    if (pages_ > 0 && !find_next()) {
        return false;
    }
    fetch_page();
    read_items();
    ++pages_;
    request_ = reply_.call.request;  // the one that was answered, after redirects
    return true;
}

bool PageWalk::find_next() {
    const auto next =
        options_.rule ? next_page(*options_.rule, {request_.url, &reply_.head(), reply_.body}, items_.size())
                      : std::nullopt;
    if (!next) {
        return false;
    }
    if (options_.most_pages != 0 && pages_ >= options_.most_pages) {
        left_out_ = next;
        return false;
    }
    if (!seen_.insert(*next).second) {
        throw base::Error(base::Exit::bad_reply, "reading the page " + base::one_line(request_.url) +
                                                     ": its next page was already fetched");
    }
    request_.url = *next;
    return true;
}

void PageWalk::fetch_page() {
    reply_ = fetch(send_, request_);
    throw_on_failure(reply_.call);
    const std::string hint = quote_reply(reply_.body);
    judge(terms_, reply_.call, reply_.body, hint);
    if (pages_ > 0 && !terms_.expected.are_about(Expectation::Subject::status)) {
        throw_on_status(reply_.call, hint);
    }
}

void PageWalk::read_items() {
    using Kind = PageRule::Kind;
    const bool counted =
        options_.rule && (options_.rule->kind == Kind::page || options_.rule->kind == Kind::offset);
    items_.clear();
    if (reply_.head().status() != 204 && (options_.items || counted)) {
        items_ = page_items(options_.items, reply_.body);
    }
}

}  // namespace hail::rest
