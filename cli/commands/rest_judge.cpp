#include "cli/commands/rest_judge.h"

#include <algorithm>

#include "cli/commands/rest_perform.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/digest_auth.h"
#include "lib/http/failure.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using input::Expectation;

// Of what was sent, what the server does not accept.
std::string hint_for_refusal(const http::CallResult& answer) {
    using Kind = http::Credentials::Kind;
    const http::Request& request = answer.request;
    if (http::find(request.headers, "Authorization") != nullptr) {
        return "the server does not accept the Authorization that was sent";
    }
    const std::string offer =
        base::one_line(answer.result.head.find("WWW-Authenticate").value_or("nothing"), 100);
    switch (request.credentials.kind) {
        case Kind::none:
            return "--user or --bearer say who you are";
        case Kind::bearer:
            return "the server does not accept the token that was sent";
        case Kind::basic:
            return "the server does not accept this user and password; it asks for " + offer;
        case Kind::digest:
            break;
    }
    return http::find_digest(answer.result.head) ? "the server does not accept this user and password"
                                                 : "no Digest that can be answered is offered, but " + offer;
}

std::string hint_for(const http::CallResult& answer) {
    const http::ReplyHead& head = answer.result.head;
    const auto location = head.find("Location");
    if (head.status() >= 300 && head.status() < 400 && location) {
        return "it points to " + base::one_line(*location) +
               (http::is_redirect(head.status()) ? ": --follow goes there" : "");
    }
    const auto wait = head.find("Retry-After");
    if ((head.status() == 429 || head.status() == 503) && wait) {
        return "it says Retry-After: " + base::one_line(*wait, 60);
    }
    return head.status() == 401 ? hint_for_refusal(answer) : "";
}

}  // namespace

Expectations::Expectations(const std::vector<std::string>& typed) {
    all_.reserve(typed.size());
    for (const std::string& text : typed) {
        all_.push_back(input::parse_expectation(text));
    }
}

bool Expectations::are_about(Expectation::Subject subject) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const Expectation& one) { return one.subject == subject; });
}

std::optional<std::string> Expectations::disappointment(const http::ReplyHead& head,
                                                        std::string_view body) const {
    for (const Expectation& one : all_) {
        if (const input::Verdict verdict = input::judge(one, head, body); !verdict.holds) {
            return "expected " + base::one_line(one.typed, 100) + ", but " + verdict.why;
        }
    }
    return std::nullopt;
}

std::string name_of(const http::CallResult& answer) {
    return answer.request.method + " " + base::one_line(answer.request.url);
}

void check_failure(const Performance& performance, const http::CallResult& answer) {
    if (answer.result.failure) {
        performance.console.flush();
        http::throw_failure(answer.request, *answer.result.failure);
    }
}

void insist_on_success(const http::CallResult& answer, const std::string& hint) {
    const http::ReplyHead& head = answer.result.head;
    const Exit exit = http::exit_of(head.status());
    if (exit == Exit::ok) {
        return;
    }
    const std::string reason = head.reason().empty() ? "" : " " + base::one_line(head.reason(), 60);
    const std::string usual = hint_for(answer);
    throw Error(exit, name_of(answer) + ": " + std::to_string(head.status()) + reason,
                usual.empty() ? hint : usual);
}

bool takes_any_status(const Performance& performance) {
    constexpr auto status = Expectation::Subject::status;
    return performance.options.no_check_status || performance.expect.are_about(status) ||
           performance.until.are_about(status);
}

void judge(const Performance& performance, const http::CallResult& answer, std::string_view body,
           const std::string& hint) {
    if (const auto why = performance.expect.disappointment(answer.result.head, body)) {
        throw Error(Exit::unexpected, name_of(answer) + ": " + *why);
    }
    if (!takes_any_status(performance)) {
        insist_on_success(answer, hint);
    }
}

}  // namespace hail::cli::rest
