#pragma once

#include <functional>

#include "cli/commands/rest.h"
#include "cli/output/console.h"
#include "cli/output/reply_views.h"
#include "lib/base/stop.h"
#include "lib/http/call.h"

// A planned request performed: once, until something holds, or page by page.
//
// Throws:  Error with the exit status that says why it did not do all it was asked to.

namespace hail::cli::rest {

using Make = std::function<http::CallResult(const http::Request&, http::Receiver&)>;

struct Performance {
    const Options& options;
    const http::Request& request;
    const Make& make;
    output::Console& console;
    base::Stop& stop;
};

base::Exit perform(const Performance& performance);

// One view of one reply.
base::Exit perform_once(const Performance& performance);
base::Exit perform_until(const Performance& performance);
base::Exit perform_pages(const Performance& performance);

output::Strings strings_of(const Options& options);

// The views of a reply that was kept whole: the envelope, sorted members, or as it came.
void show_whole(const Performance& performance, const http::CallResult& answer, const std::string& body);

// Throws the failure of an exchange, if there is one.
void check_failure(const Performance& performance, const http::CallResult& answer);

// Throws Error(redirected) and its like for a status that is no success, unless that is not asked for.
void check_status(const Performance& performance, const http::CallResult& answer,
                  const std::string& hint = {});

// The same, whatever is asked for.
void insist_on_success(const Performance& performance, const http::CallResult& answer,
                       const std::string& hint = {});

}  // namespace hail::cli::rest
