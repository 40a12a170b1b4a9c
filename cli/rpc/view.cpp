#include "cli/rpc/view.h"

#include "cli/output/quirks.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/decode.h"
#include "lib/http/failure.h"
#include "lib/http/login_hint.h"
#include "lib/json/pick.h"
#include "lib/rpc/page_text.h"

namespace hail::cli::rpc {

namespace {

using base::Error;
using base::Exit;
using hail::rpc::Reply;
using Subject = hail::rest::Expectation::Subject;

constexpr std::string_view ways_to_log_in = "--user, --cookie-file, --bearer or --jwt-secret";

// The body's first line, or the words of a page, say more than the number.
std::string quote(std::string_view body) {
    const std::string_view text = base::trim(body);
    const std::string words = hail::rpc::is_page(text)
                                  ? hail::rpc::page_text(text)
                                  : std::string(text.substr(0, text.find_first_of("\r\n")));
    return words.empty() ? "" : ": '" + base::one_line(words, 120) + "'";
}

// For a status without a JSON-RPC reply.
[[noreturn]] void throw_status_error(const Answer& answer, const View& view) {
    const http::ReplyHead& head = answer.made.result.head;
    std::string why = view.doing + ": HTTP " + std::to_string(head.status());
    if (!head.reason().empty()) {
        why += " " + base::one_line(head.reason(), 60);
    }
    why += quote(answer.receiver->text());
    const Exit exit = http::exit_of(head.status());
    if (exit == Exit::redirected) {
        throw Error(exit, why,
                    "it points to " + base::one_line(head.find("Location").value_or("no address")));
    }
    if (exit == Exit::server_error) {
        throw Error(exit, why + "; the call may have been executed");
    }
    throw Error(Exit::client_error, why, http::login_hint(answer.made, ways_to_log_in));
}

void judge_form(const Reply& reply, const View& view, output::Console& console) {
    if (view.strict && !reply.quirks.breaches().empty()) {
        throw Error(Exit::bad_reply, view.doing + ": the reply breaks JSON-RPC 2.0: " +
                                         output::describe_quirks(reply.quirks.breaches()));
    }
    output::warn_about_quirks(reply.quirks, console);
}

// Some servers read params that are missing, but not an empty list of them.
std::string hint_about(const hail::rpc::ErrorObject& error, const View& view) {
    constexpr std::int64_t invalid_params = -32602;
    const std::string words = base::lower(error.text() + " " + std::string(error.data));
    const bool about_params = error.number() == invalid_params || words.find("param") != words.npos;
    return about_params && !view.has_params ? "if the server wants an empty list of params, add --params '[]'"
                                            : "";
}

void print(std::string_view value, const View& view, output::Console& console) {
    if (!view.pick) {
        output::print_value_unchanged(value, view.strings, console);
        return;
    }
    const std::vector<std::string_view> found = json::pick(value, *view.pick);
    for (const std::string_view one : found) {
        output::print_value(one, view.strings, console);
    }
    if (found.empty()) {
        throw Error(Exit::unexpected, view.doing + ": the " + (view.whole_reply ? "reply" : "result") +
                                          " has nothing at '" + base::one_line(view.pick->text, 100) + "'");
    }
}

void judge_expectations(const Answer& answer, const View& view, output::Console& console) {
    const std::string_view value = view.whole_reply ? answer.reply.whole : answer.reply.result;
    if (const auto why = view.expected.first_failure(answer.made.result.head, value)) {
        console.finish();
        throw Error(Exit::unexpected, view.doing + ": " + *why);
    }
}

Exit show_whole(const Answer& answer, const View& view, output::Console& console) {
    print(answer.reply.whole, view, console);
    judge_expectations(answer, view, console);
    const bool expected = view.expected.are_about(Subject::body);
    return answer.reply.kind == Reply::Kind::error && !expected ? Exit::refused : Exit::ok;
}

}  // namespace

bool View::can_stream() const {
    return !notify && !whole_reply && !pick && strings == output::Strings::as_json &&
           !expected.are_about(Subject::body);
}

base::Error error_of(const Answer& answer, const View& view) {
    return {Exit::refused, view.doing + ": " + one_line(answer.reply.error),
            hint_about(answer.reply.error, view)};
}

void require_reply(const Answer& answer, const View& view, output::Console& console) {
    const http::Result& result = answer.made.result;
    if (result.failure) {
        http::throw_failure(answer.made.request, *result.failure);
    }
    if (const auto warning = http::undecoded_warning(answer.made.request, result.head)) {
        console.warn(*warning);
    }
    const Reply& reply = answer.reply;
    if (reply.kind != Reply::Kind::problem) {
        judge_form(reply, view, console);
        return;
    }
    if (http::exit_of(result.head.status()) != Exit::ok) {
        throw_status_error(answer, view);
    }
    if (!view.notify) {
        throw Error(Exit::bad_reply, view.doing + ": " + reply.problem + "; the call may have been executed");
    }
    const bool unread = !answer.receiver->wants_more();
    if (!reply.empty && !unread) {
        console.warn("the notification was answered, but not by JSON-RPC: " + reply.problem);
    }
}

Exit show(const Answer& answer, const View& view, output::Console& console) {
    require_reply(answer, view, console);
    const Reply& reply = answer.reply;
    if (reply.kind == Reply::Kind::problem) {  // to a notification
        judge_expectations(answer, view, console);
        return Exit::ok;
    }
    if (view.whole_reply) {
        return show_whole(answer, view, console);
    }
    if (reply.kind == Reply::Kind::error) {
        throw error_of(answer, view);
    }
    if (view.notify) {
        console.warn("the notification was answered with a result");
    } else if (answer.receiver->has_streamed()) {
        answer.receiver->finish_streamed();
    } else {
        print(reply.result, view, console);
    }
    judge_expectations(answer, view, console);
    return Exit::ok;
}

}  // namespace hail::cli::rpc
