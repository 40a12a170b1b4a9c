#include "cli/rest/views.h"

#include "cli/output/json_printer.h"
#include "cli/rest/envelope.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/rewrite.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

Parts View::parts_on(const output::Console& console) const {
    return parts.value_or(Parts::of(console.to_terminal() && !console.traces_to_terminal() ? "hb" : "b"));
}

View plan_view(const ViewOptions& options, const std::optional<std::string>& print, bool array) {
    View view;
    if (print) {
        view.parts = Parts::of(*print);
    }
    if (options.pick) {
        view.pick = json::require_path("option --pick", *options.pick);
    }
    view.strings = options.raw ? Strings::raw : Strings::as_json;
    view.elements = array ? ElementPrinter::Shape::array : ElementPrinter::Shape::lines;
    view.sorted = options.sorted;
    view.envelope = options.envelope;
    view.max_reply = options.max_reply;
    return view;
}

void throw_nothing_picked(const json::Path& path) {
    throw base::Error(base::Exit::unexpected,
                      "the reply has nothing at '" + base::one_line(path.text, 100) + "'");
}

void show_whole(const View& view, const http::Request& request, const hail::rest::Reply& reply,
                output::Console& console) {
    if (view.envelope) {
        output::print_json(envelope(reply.call.request.url, reply.call.result, reply.body), console);
        return;
    }
    HttpPrinter printer(console, view.parts_on(console));
    printer.request(request);
    printer.head(reply.head());
    const std::string_view json = base::without_byte_order_mark(reply.body);
    if (view.sorted && json::is_json(json)) {
        std::string sorted;
        json::append_sorted(sorted, json);
        printer.body(console.indents() ? sorted : sorted + "\n");
    } else if (!reply.body.empty()) {
        printer.body(reply.body);
    }
    printer.finish(reply.call.result);
}

bool show(const View& view, const http::Request& request, const hail::rest::Reply& reply,
          PickPrinter::Statuses statuses, output::Console& console) {
    if (!view.pick) {
        show_whole(view, request, reply, console);
        return true;
    }
    PickPrinter picker(console, *view.pick, view.strings, statuses, view.max_reply);
    picker.head(reply.head());
    picker.body(reply.body);
    picker.finish();
    return picker.picked() > 0 || (reply.head().status() >= 300 && statuses != PickPrinter::Statuses::any);
}

}  // namespace hail::cli::rest
