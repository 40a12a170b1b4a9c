#include "cli/rest/perform.h"

#include <string>
#include <string_view>

#include "cli/rest/console_sink.h"
#include "cli/rest/http_printer.h"
#include "cli/rest/picks.h"
#include "cli/rest/views.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/content_range.h"
#include "lib/http/failure.h"
#include "lib/rest/page_walk.h"
#include "lib/rest/repeat.h"
#include "lib/rest/verdict.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using hail::rest::fetch;
using hail::rest::Reply;
using hail::rest::throw_on_failure;

PickPrinter::Statuses statuses_of(const hail::rest::Terms& terms) {
    return terms.any_status ? PickPrinter::Statuses::any : PickPrinter::Statuses::success;
}

// A reply that fails the check is output all the same.
void judge_shown(const Run& run, const hail::rest::Terms& terms, const http::CallResult& call,
                 std::string_view body = {}) {
    try {
        judge(terms, call, body);
    } catch (const Error&) {
        run.console.finish();
        throw;
    }
}

void print_as_it_comes(const Run& run, const Handling& handling) {
    HttpPrinter printer(run.console, handling.view.parts_on(run.console));
    printer.request(run.request);
    const http::CallResult call = run.send(run.request, printer, {});
    printer.finish(call.result);
    throw_on_failure(call);
    judge_shown(run, handling.terms, call);
}

void pick_as_it_comes(const Run& run, const Handling& handling) {
    PickPrinter picker(run.console, *handling.view.pick, handling.view.strings, statuses_of(handling.terms),
                       handling.view.max_reply);
    const http::CallResult call = run.send(run.request, picker, {});
    throw_on_failure(call);
    judge(handling.terms, call, {}, hail::rest::quote_reply(picker.excerpt()));
    picker.finish();
    if (picker.picked() == 0) {
        throw_nothing_picked(picker.path());
    }
}

void show_when_whole(const Run& run, const Handling& handling) {
    const View& view = handling.view;
    const Reply reply = fetch(run.send, run.request, view.max_reply);
    bool found = true;
    if (!reply.call.result.failure) {
        found = show(view, run.request, reply, statuses_of(handling.terms), run.console);
    } else if (!view.envelope && !view.pick) {
        show_whole(view, run.request, reply, run.console);  // the part that arrived
    }
    throw_on_failure(reply.call);
    judge_shown(run, handling.terms, reply.call, reply.body);
    if (!found) {
        throw_nothing_picked(*view.pick);
    }
}

void perform_once(const Run& run, const Handling& handling) {
    if (handling.needs_whole_reply()) {
        show_when_whole(run, handling);
    } else if (handling.view.pick) {
        pick_as_it_comes(run, handling);
    } else {
        print_as_it_comes(run, handling);
    }
}

void perform_until(const Run& run, const Handling& handling) {
    ConsoleSink sink(run.console);
    const hail::rest::Repeated last =
        repeat(run.send, run.request, handling.until, handling.repeat, run.stop, sink);
    bool found = true;
    if (!last.reply.call.result.failure) {
        found = show(handling.view, run.request, last.reply, statuses_of(handling.terms), run.console);
    }
    if (last.problem) {
        run.console.finish();
        throw Error(*last.problem);
    }
    judge_shown(run, handling.terms, last.reply.call, last.reply.body);
    if (!found) {
        throw_nothing_picked(*handling.view.pick);
    }
}

// --- pages -------------------------------------------------------------------------------------------------

bool print_page(const Run& run, const Handling& handling, const Reply& reply) {
    const View& view = handling.view;
    const bool found = show(view, run.request, reply, statuses_of(handling.terms), run.console);
    const bool as_it_came = !view.pick && !view.envelope && !view.sorted && !run.console.indents();
    if (as_it_came && !reply.body.ends_with('\n')) {
        run.console.write("\n");
    }
    return found;
}

// Returns false if --pick found nothing on any page.
bool print_pages(const Run& run, const Handling& handling, hail::rest::PageWalk& walk,
                 ElementPrinter& elements) {
    bool found = !handling.view.pick;
    while (walk.next()) {
        if (!handling.walk->items) {
            found = print_page(run, handling, walk.reply()) || found;
            continue;
        }
        for (const std::string_view item : walk.items()) {
            elements.print(item);
        }
        run.console.flush();
    }
    return found;
}

void perform_pages(const Run& run, const Handling& handling) {
    hail::rest::PageWalk walk(run.send, run.request, *handling.walk, handling.terms);
    ElementPrinter elements(run.console, handling.view.elements, handling.view.strings);
    const auto finish = [&] {
        if (handling.walk->items) {
            elements.finish();
        }
        run.console.flush();
    };
    bool found = true;
    try {
        found = print_pages(run, handling, walk, elements);
    } catch (const Error&) {
        finish();
        if (walk.pages() > 0) {
            run.console.say("incomplete list: stopped after page " + std::to_string(walk.pages()));
        }
        throw;
    }
    if (walk.left_out()) {
        run.console.say("stopped at --max-pages; the next page is " + *walk.left_out());
    }
    finish();
    if (!found) {
        throw_nothing_picked(*handling.view.pick);
    }
}

// --- downloads ---------------------------------------------------------------------------------------------

// An unrequested success such as 206 breaks the protocol.
Exit exit_for(int status) {
    const Exit exit = http::exit_of(status);
    return exit == Exit::ok ? Exit::bad_reply : exit;
}

[[noreturn]] void throw_unsaved(const http::CallResult& call) {
    const http::ReplyHead& head = call.result.head;
    std::string why = std::to_string(head.status()) + " " + base::one_line(head.reason(), 60);
    std::string hint;
    if (head.status() == 206) {
        const auto fault = http::range_fault(call.request, head);
        why = "206, but " + fault.value_or("only a part was asked for, and --download saves whole files");
        hint = fault ? "" : "use -o without -O to save a part";
    }
    throw Error(exit_for(head.status()), hail::rest::name_of(call) + ": " + why + "; nothing was saved",
                hint);
}

}  // namespace

void perform(const Run& run, const Handling& handling) {
    try {
        if (!handling.until.empty()) {
            perform_until(run, handling);
        } else if (handling.walk) {
            perform_pages(run, handling);
        } else {
            perform_once(run, handling);
        }
    } catch (const Error&) {
        run.console.flush();  // the part that came before the failure
        throw;
    }
}

void perform_download(const Run& run, const hail::rest::DownloadOptions& options) {
    ConsoleSink sink(run.console);
    HttpPrinter printer(run.console, View().parts_on(run.console));
    hail::rest::Download file(sink, options, printer);
    http::Request request = run.request;
    file.prepare(request);
    const http::CallResult call = file.fetch(run.send, request);
    const bool saved = file.finish(call.result);
    if (call.result.failure) {
        printer.finish(call.result);
        run.console.flush();
        throw_on_failure(call);
    }
    if (!saved) {
        printer.finish(call.result);
        run.console.finish();
        throw_unsaved(call);
    }
}

}  // namespace hail::cli::rest
