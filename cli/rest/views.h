// The views of a reply: its parts as they come, values picked from it, its members sorted, or all of it as
// one object.
//
// Throws:  whatever Console::write() throws; plan_view() throws Error(usage) for letters and paths that are
//          not valid.
// Source:  hail-rest(1), VIEWS.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/output/console.h"
#include "cli/rest/http_printer.h"
#include "cli/rest/options.h"
#include "cli/rest/picks.h"
#include "lib/http/body_collector.h"
#include "lib/http/message.h"
#include "lib/json/path.h"
#include "lib/rest/reply.h"

namespace hail::cli::rest {

struct View {
    std::optional<Parts> parts;  // empty: the default of the console
    std::optional<json::Path> pick;
    Strings strings = Strings::as_json;
    ElementPrinter::Shape elements = ElementPrinter::Shape::lines;
    bool sorted = false;
    bool envelope = false;
    std::uint64_t max_reply = http::usual_max_reply;

    bool needs_whole_reply() const { return sorted || envelope; }
    Parts parts_on(const output::Console& console) const;
};

View plan_view(const ViewOptions& options, const std::optional<std::string>& print, bool array);

// Shows a reply that was kept whole: the picked values, otherwise as show_whole() does. False if --pick
// should have found something and did not.
bool show(const View& view, const http::Request& request, const hail::rest::Reply& reply,
          PickPrinter::Statuses statuses, output::Console& console);

// The envelope, sorted members, or the reply as it came.
void show_whole(const View& view, const http::Request& request, const hail::rest::Reply& reply,
                output::Console& console);

// Throws: Error(unexpected), since the path picked nothing.
[[noreturn]] void throw_nothing_picked(const json::Path& path);

}  // namespace hail::cli::rest
