#include "cli/commands/rest_perform.h"

#include "cli/commands/rest_judge.h"
#include "cli/output/envelope.h"
#include "cli/output/http_printer.h"
#include "cli/output/json_printer.h"
#include "cli/output/reply_views.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body_collector.h"
#include "lib/json/path.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using input::Expectation;

output::Parts parts_of(const Performance& performance) {
    if (performance.options.print) {
        return output::Parts::of(*performance.options.print);
    }
    return output::Parts::of(performance.console.to_terminal() ? "hb" : "b");
}

output::PickPrinter picker_for(const Performance& performance) {
    using Statuses = output::PickPrinter::Statuses;
    return {performance.console, pick_path(*performance.options.show.pick), strings_of(performance.options),
            takes_any_status(performance) ? Statuses::any : Statuses::success};
}

void say_what_is_missing(const Performance& performance, const output::PickPrinter& picker) {
    if (picker.picked() == 0) {
        performance.console.say("the reply has nothing at '" +
                                base::one_line(*performance.options.show.pick, 100) + "'");
    }
}

}  // namespace

output::Strings strings_of(const Options& options) {
    return options.show.raw ? output::Strings::raw : output::Strings::as_json;
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

void show(const Performance& performance, const http::CallResult& answer, const std::string& body) {
    if (!performance.options.show.pick) {
        show_whole(performance, answer, body);
        return;
    }
    output::PickPrinter picker = picker_for(performance);
    picker.head(answer.result.head);
    picker.body(body);
    picker.finish();
    if (answer.result.head.status() < 300 || takes_any_status(performance)) {
        say_what_is_missing(performance, picker);
    }
}

void conclude(const Performance& performance, const http::CallResult& answer, std::string_view body) {
    try {
        judge(performance, answer, body);
    } catch (const Error&) {
        performance.console.finish();  // what the server said counts, even if it said no
        throw;
    }
}

namespace {

void print_as_it_comes(const Performance& performance) {
    output::HttpPrinter printer(performance.console, parts_of(performance));
    printer.request(performance.request);
    output::FrontReceiver front(printer, performance.console, performance.options.show.headers_to);
    const http::CallResult answer = performance.make(performance.request, front, {});
    printer.finish(answer.result);
    check_failure(performance, answer);
    conclude(performance, answer, {});
}

void pick_as_it_comes(const Performance& performance) {
    output::PickPrinter picker = picker_for(performance);
    output::FrontReceiver front(picker, performance.console, performance.options.show.headers_to);
    const http::CallResult answer = performance.make(performance.request, front, {});
    check_failure(performance, answer);
    judge(performance, answer, {},
          picker.excerpt().empty() ? "" : "the reply says: " + base::one_line(picker.excerpt()));
    picker.finish();
    say_what_is_missing(performance, picker);
}

void show_when_whole(const Performance& performance) {
    http::BodyCollector collector;
    output::FrontReceiver front(collector, performance.console, performance.options.show.headers_to);
    const http::CallResult answer = performance.make(performance.request, front, {});
    if (!answer.result.failure) {
        show(performance, answer, collector.body());
    } else if (!performance.options.show.envelope && !performance.options.show.pick) {
        show_whole(performance, answer, collector.body());
    }
    check_failure(performance, answer);
    conclude(performance, answer, collector.body());
}

void perform_once(const Performance& performance) {
    const Show& show = performance.options.show;
    if (show.envelope || show.sorted || performance.expect.are_about(Expectation::Subject::body)) {
        show_when_whole(performance);
    } else if (show.pick) {
        pick_as_it_comes(performance);
    } else {
        print_as_it_comes(performance);
    }
}

}  // namespace

Exit perform(const Performance& performance) {
    if (!performance.until.empty()) {
        perform_until(performance);
    } else if (performance.options.show.pages()) {
        perform_pages(performance);
    } else {
        perform_once(performance);
    }
    return Exit::ok;
}

}  // namespace hail::cli::rest
