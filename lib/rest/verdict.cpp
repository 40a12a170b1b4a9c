#include "lib/rest/verdict.h"

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/content_range.h"
#include "lib/http/failure.h"
#include "lib/http/login_hint.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

std::string hint_for(const http::CallResult& call) {
    const http::ReplyHead& head = call.result.head;
    const auto location = head.find("Location");
    if (head.status() >= 300 && head.status() < 400 && location) {
        return "it points to " + base::one_line(*location) +
               (http::is_redirect(head.status()) ? ": --follow goes there" : "");
    }
    const auto wait = head.find("Retry-After");
    if ((head.status() == 429 || head.status() == 503) && wait) {
        return "the reply says Retry-After: " + base::one_line(*wait, 60);
    }
    return http::login_hint(call);
}

std::string hint_for_part(const http::CallResult& call) {
    if (http::find(call.request.headers, "Range") != nullptr) {
        return "";
    }
    return http::covers_the_whole(call.result.head) ? "the reply says that the body is complete all the same"
                                                    : "the body is only a part of what was asked for";
}

}  // namespace

std::string name_of(const http::CallResult& call) {
    return call.request.method + " " + base::one_line(call.request.url);
}

void throw_on_failure(const http::CallResult& call) {
    if (call.result.failure) {
        http::throw_failure(call.request, *call.result.failure);
    }
}

void throw_on_status(const http::CallResult& call, const std::string& hint) {
    const http::ReplyHead& head = call.result.head;
    const Exit exit = http::exit_of(head.status());
    if (exit == Exit::ok) {
        return;
    }
    const std::string reason = head.reason().empty() ? "" : " " + base::one_line(head.reason(), 60);
    const std::string better = hint_for(call);
    throw Error(exit, name_of(call) + ": " + std::to_string(head.status()) + reason,
                better.empty() ? hint : better);
}

void judge(const Terms& terms, const http::CallResult& call, std::string_view body, const std::string& hint) {
    if (const auto fault = http::range_fault(call.request, call.result.head)) {
        throw Error(Exit::bad_reply, name_of(call) + ": 206, but " + *fault, hint_for_part(call));
    }
    if (const auto why = terms.expected.first_failure(call.result.head, body)) {
        throw Error(Exit::unexpected, name_of(call) + ": " + *why);
    }
    if (!terms.any_status) {
        throw_on_status(call, hint);
    }
}

std::string quote_reply(std::string_view body) {
    return body.empty() ? "" : "the reply says: " + base::one_line(body);
}

}  // namespace hail::rest
