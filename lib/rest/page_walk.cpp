#include "lib/rest/page_walk.h"

#include <algorithm>
#include <functional>
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
    const std::string before = pages_ > 0 ? std::move(reply_.body) : std::string();
    if (!fetch_page()) {
        return false;
    }
    read_items();
    if (pages_ > 0 && reply_.body == before) {
        refuse_repeated();
    }
    refuse_cycle();
    ++pages_;
    request_ = reply_.call.request;  // the one that was answered, after redirects
    return true;
}

bool PageWalk::find_next() {
    const auto next =
        options_.rule ? next_page(*options_.rule,
                                  {request_.url, &reply_.head(), base::without_byte_order_mark(reply_.body)},
                                  items_.size())
                      : std::nullopt;
    if (!next) {
        return false;
    }
    if (options_.most_pages != 0 && pages_ >= options_.most_pages) {
        if (options_.at_limit == WalkOptions::AtLimit::fail) {
            throw base::Error(base::Exit::bad_reply,
                              "reading the page " + base::one_line(request_.url) +
                                  ": more pages follow after " + std::to_string(pages_),
                              "--max-pages sets another limit, or none with 0");
        }
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

// Some services answer with an error after the last page.
std::string PageWalk::hint_for_status() const {
    const int status = reply_.head().status();
    const bool may_be_the_end =
        status == 400 || status == 404 || status == 410 || status == 416 || status == 422;
    std::string quote = quote_reply(reply_.body);
    if (pages_ == 0 || !options_.rule || !options_.rule->is_counted() || !may_be_the_end) {
        return quote;
    }
    const std::string code = std::to_string(status);
    return "if " + code + " ends this list, write --last-status " + code +
           (quote.empty() ? "" : "; " + quote);
}

bool PageWalk::fetch_page() {
    items_.clear();
    reply_ = fetch(send_, request_, options_.max_reply);
    throw_on_failure(reply_.call);
    const auto status = static_cast<std::uint64_t>(reply_.head().status());
    if (pages_ > 0 && options_.last_status != 0 && status == options_.last_status) {
        return false;
    }
    const std::string hint = hint_for_status();
    judge(terms_, reply_.call, reply_.body, hint);
    if (pages_ > 0 && !terms_.expected.are_about(Expectation::Subject::status)) {
        throw_on_status(reply_.call, hint);
    }
    return true;
}

void PageWalk::read_items() {
    const bool counted = options_.rule && options_.rule->is_counted();
    if (reply_.head().status() != 204 && (options_.items || counted)) {
        items_ = page_items(options_.items, base::without_byte_order_mark(reply_.body),
                            pages_ == 0 ? Page::Place::first : Page::Place::later);
    }
}

// Empty pages may follow one another, as where a service filters its list after it was cut into pages.
void PageWalk::refuse_repeated() const {
    const bool is_counted = options_.rule->is_counted();
    const bool may_be_empty = reply_.body.empty() || reply_.body.find("[]") != std::string::npos;
    if (options_.items || is_counted ? items_.empty() : may_be_empty) {
        return;
    }
    throw base::Error(
        base::Exit::bad_reply,
        "reading the page " + base::one_line(reply_.call.request.url) + ": it is the same as the page before",
        is_counted ? "does the service know the query parameter '" +
                         base::one_line(options_.rule->parameter, 60) + "'?"
                   : "");
}

// A single page of short elements may well come again; a whole series that does is a server that begins anew.
void PageWalk::refuse_cycle() {
    if (!options_.rule || !options_.rule->is_counted() || items_.empty()) {
        return;
    }
    hashes_.push_back(std::hash<std::string>()(reply_.body));
    const auto end = hashes_.end();
    for (std::size_t length = 2; length <= hashes_.size() / 2; ++length) {
        const auto series = end - static_cast<std::ptrdiff_t>(length);
        if (!std::equal(series, end, series - static_cast<std::ptrdiff_t>(length))) {
            continue;
        }
        throw base::Error(base::Exit::bad_reply,
                          "reading the page " + base::one_line(reply_.call.request.url) + ": the last " +
                              std::to_string(length) + " pages are the same as the " +
                              std::to_string(length) + " before them",
                          "does the service begin again after the last page? --max-pages sets a limit");
    }
}

}  // namespace hail::rest
