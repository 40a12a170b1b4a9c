// The judgement of an answer, and how it is shown.
//
// Throws:  show() Error with the exit status of the first thing that is wrong: the exchange, the HTTP status
//          of a reply that is not JSON-RPC, the reply, the error that it holds, an expectation.
// Source:  hail-rpc(1); hail(1), EXIT STATUS.

#pragma once

#include <optional>
#include <string>

#include "cli/output/console.h"
#include "cli/output/value_printer.h"
#include "cli/rpc/caller.h"
#include "lib/base/exit.h"
#include "lib/http/message.h"
#include "lib/json/path.h"
#include "lib/rest/expectation.h"

namespace hail::cli::rpc {

struct View {
    std::string doing;  // "calling m"
    bool notify = false;
    bool has_params = false;
    bool strict = false;
    bool whole_reply = false;
    output::Strings strings = output::Strings::as_json;
    std::optional<json::Path> pick;
    hail::rest::Expectations expected;

    // Whether a result may be shown as it comes.
    bool can_stream() const;
};

// Throws for a failed exchange, and for anything that is not the JSON-RPC reply to the call. A reply to a
// notification may be missing.
void require_reply(const Answer& answer, const View& view, output::Console& console);

base::Exit show(const Answer& answer, const View& view, output::Console& console);

// "calling m: error -32601: Method not found", with a hint where there is one.
base::Error error_of(const Answer& answer, const View& view);

}  // namespace hail::cli::rpc
