#include "cli/commands/rest_perform.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "cli/input/expectation.h"
#include "cli/output/envelope.h"
#include "cli/output/http_printer.h"
#include "cli/output/json_printer.h"
#include "cli/output/reply_views.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/http/exchange.h"
#include "lib/json/path.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using input::Expectation;

std::string name_of(const http::Request& request) {
    return request.method + " " + request.url;
}

std::vector<Expectation> expectations(const std::vector<std::string>& typed) {
    std::vector<Expectation> all;
    all.reserve(typed.size());
    for (const std::string& text : typed) {
        all.push_back(input::parse_expectation(text));
    }
    return all;
}

// What the first one that does not hold found instead; none if all hold.
std::optional<std::string> disappointment(const std::vector<Expectation>& all, const http::ReplyHead& head,
                                          std::string_view body) {
    for (const Expectation& one : all) {
        if (const input::Verdict verdict = input::judge(one, head, body); !verdict.holds) {
            return "expected " + base::one_line(one.typed, 100) + ", but " + verdict.why;
        }
    }
    return std::nullopt;
}

bool is_about(const std::vector<Expectation>& all, Expectation::Subject subject) {
    return std::any_of(all.begin(), all.end(),
                       [&](const Expectation& one) { return one.subject == subject; });
}

output::Parts parts_of(const Performance& performance) {
    if (performance.options.print) {
        return output::Parts::of(*performance.options.print);
    }
    return output::Parts::of(performance.console.to_terminal() ? "hb" : "b");
}

Exit exit_for(int status) {
    if (status >= 300 && status < 400) {
        return Exit::redirected;
    }
    if (status >= 400 && status < 500) {
        return Exit::client_error;
    }
    return status >= 500 ? Exit::server_error : Exit::ok;
}

std::string hint_for(const http::ReplyHead& head) {
    const auto location = head.find("Location");
    if (head.status() >= 300 && head.status() < 400 && location) {
        return "it points to " + base::one_line(*location) + ": --follow goes there";
    }
    const auto wait = head.find("Retry-After");
    if ((head.status() == 429 || head.status() == 503) && wait) {
        return "it says Retry-After: " + base::one_line(*wait, 60);
    }
    return head.status() == 401 ? "--user or --bearer say who you are" : "";
}

}  // namespace

output::Strings strings_of(const Options& options) {
    return options.show.raw ? output::Strings::raw : output::Strings::as_json;
}

void check_failure(const Performance& performance, const http::CallResult& answer) {
    if (answer.result.failure) {
        performance.console.flush();
        http::fail(answer.request, *answer.result.failure);
    }
}

void check_status(const Performance& performance, const http::CallResult& answer, const std::string& hint) {
    if (!performance.options.no_check_status) {
        insist_on_success(performance, answer, hint);
    }
}

void insist_on_success(const Performance& performance, const http::CallResult& answer,
                       const std::string& hint) {
    const http::ReplyHead& head = answer.result.head;
    const Exit exit = exit_for(head.status());
    if (exit == Exit::ok) {
        return;
    }
    performance.console.finish();  // what the server said counts, even if it said no
    const std::string reason = head.reason().empty() ? "" : " " + base::one_line(head.reason(), 60);
    const std::string usual = hint_for(head);
    throw Error(exit, name_of(answer.request) + ": " + std::to_string(head.status()) + reason,
                usual.empty() ? hint : usual);
}

void show_whole(const Performance& performance, const http::CallResult& answer, const std::string& body) {
    output::Console& console = performance.console;
    const Show& show = performance.options.show;
    if (show.envelope) {
        output::print_json(output::envelope(answer.request.url, answer.result, body), console);
        return;
    }
    output::HttpPrinter printer(console, parts_of(performance));
    printer.request(performance.request);
    printer.head(answer.result.head);
    if (show.sorted && json::is_json(body)) {
        std::string sorted;
        json::append_sorted(sorted, body);
        printer.body(console.indents() ? sorted : sorted + "\n");
    } else if (!body.empty()) {
        printer.body(body);
    }
    printer.finish(answer.result);
}

// --- once -------------------------------------------------------------------------------------------------------

namespace {

http::CallResult print_as_it_comes(const Performance& performance) {
    output::HttpPrinter printer(performance.console, parts_of(performance));
    printer.request(performance.request);
    output::FrontReceiver front(printer, performance.console, performance.options.show.headers_to);
    http::CallResult answer = performance.make(performance.request, front);
    printer.finish(answer.result);
    return answer;
}

void print_picked(const Performance& performance) {
    const Show& show = performance.options.show;
    output::PickPrinter picker(performance.console, pick_path(*show.pick), strings_of(performance.options));
    output::FrontReceiver front(picker, performance.console, show.headers_to);
    const http::CallResult answer = performance.make(performance.request, front);
    check_failure(performance, answer);
    check_status(performance, answer,
                 picker.excerpt().empty() ? "" : "the reply says: " + base::one_line(picker.excerpt()));
    picker.finish();
    if (picker.picked() == 0) {
        performance.console.say("the reply has nothing at '" + base::one_line(*show.pick, 100) + "'");
    }
}

void check_expectations(const Performance& performance, const http::CallResult& answer,
                        std::string_view body) {
    const std::vector<Expectation> all = expectations(performance.options.show.expect);
    if (const auto why = disappointment(all, answer.result.head, body)) {
        performance.console.finish();
        throw Error(Exit::unexpected, name_of(answer.request) + ": " + *why);
    }
    // Who says what the status has to be has judged it.
    if (!is_about(all, Expectation::Subject::status)) {
        check_status(performance, answer);
    }
}

}  // namespace

Exit perform_once(const Performance& performance) {
    const Show& show = performance.options.show;
    const std::vector<Expectation> wanted = expectations(show.expect);
    if (show.pick && wanted.empty()) {
        print_picked(performance);
        return Exit::ok;
    }
    const bool whole = show.envelope || show.sorted || is_about(wanted, Expectation::Subject::body);
    if (!whole && !show.pick) {
        const http::CallResult answer = print_as_it_comes(performance);
        check_failure(performance, answer);
        check_expectations(performance, answer, {});
        return Exit::ok;
    }
    output::Collector collector;
    output::FrontReceiver front(collector, performance.console, show.headers_to);
    const http::CallResult answer = performance.make(performance.request, front);
    if (show.pick && !answer.result.failure) {
        output::PickPrinter picker(performance.console, pick_path(*show.pick),
                                   strings_of(performance.options));
        picker.head(answer.result.head);
        picker.body(collector.body());
        picker.finish();
    } else if (!show.envelope || !answer.result.failure) {
        show_whole(performance, answer, collector.body());
    }
    check_failure(performance, answer);
    check_expectations(performance, answer, collector.body());
    return Exit::ok;
}

// --- until ------------------------------------------------------------------------------------------------------

namespace {

// False: a signal came.
bool wait(base::Milliseconds duration, const base::Stop& stop) {
    pollfd raised{stop.descriptor(), POLLIN, 0};
    return ::poll(&raised, 1,
                  static_cast<int>(std::min<base::Milliseconds::rep>(duration.count(), 1'000'000'000))) == 0;
}

// Whether another call can do no harm and may do better.
bool may_go_on(const http::CallResult& answer) {
    const auto& failure = answer.result.failure;
    return !failure || failure->exit == Exit::unreachable ||
           ((failure->exit == Exit::unknown || failure->exit == Exit::timed_out) &&
            http::is_idempotent(answer.request.method));
}

bool can_be_repeated(const http::Request& request) {
    return !request.stream || request.stream->rewind();
}

[[noreturn]] void give_up(const Performance& performance, const http::CallResult& answer,
                          const std::string& body, const std::string& why) {
    check_failure(performance, answer);
    show_whole(performance, answer, body);
    performance.console.finish();
    throw Error(Exit::unexpected, name_of(answer.request) + ": not within " +
                                      base::format_duration(*performance.options.show.deadline) + ": " + why);
}

}  // namespace

Exit perform_until(const Performance& performance) {
    const Show& show = performance.options.show;
    const std::vector<Expectation> wanted = expectations(show.until);
    const base::Milliseconds every = show.every.value_or(base::Milliseconds(0));
    const base::Deadline deadline = base::Deadline::after(show.deadline);
    while (true) {
        output::Collector collector;
        output::FrontReceiver front(collector, performance.console, show.headers_to);
        const http::CallResult answer = performance.make(performance.request, front);
        if (!may_go_on(answer) || performance.stop.raised() != 0) {
            check_failure(performance, answer);
        }
        const auto why = answer.result.failure ? std::optional(answer.result.failure->why)
                                               : disappointment(wanted, answer.result.head, collector.body());
        if (!why) {
            show_whole(performance, answer, collector.body());
            if (!is_about(wanted, Expectation::Subject::status)) {
                check_status(performance, answer);
            }
            return Exit::ok;
        }
        const bool last =
            show.deadline && sooner(deadline, base::Deadline::after(every)).poll_milliseconds() <
                                 base::Deadline::after(every).poll_milliseconds();
        if (last || !can_be_repeated(performance.request)) {
            give_up(performance, answer, collector.body(), *why);
        }
        performance.console.draw("waiting: " + *why);
        if (!wait(every, performance.stop)) {
            performance.console.erase();
            throw Error(performance.stop.exit(),
                        name_of(answer.request) + ": stopped by a signal; last " + *why);
        }
    }
}

Exit perform(const Performance& performance) {
    const Show& show = performance.options.show;
    if (!show.until.empty()) {
        return perform_until(performance);
    }
    return show.pages() ? perform_pages(performance) : perform_once(performance);
}

}  // namespace hail::cli::rest
