#pragma once

#include <functional>

#include "cli/commands/rest.h"
#include "cli/commands/rest_judge.h"
#include "cli/output/console.h"
#include "cli/output/reply_views.h"
#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/http/call.h"

// A planned request performed: once, until something holds, or page by page.
//
// Throws:  Error with the exit status that says why it did not do all it was asked to.

namespace hail::cli::rest {

// No exchange goes on beyond the deadline.
using Make = std::function<http::CallResult(const http::Request&, http::Receiver&, base::Deadline)>;

struct Performance {
    const Options& options;
    const http::Request& request;
    const Make& make;
    const Expectations& expect;
    const Expectations& until;
    output::Console& console;
    base::Stop& stop;
};

base::Exit perform(const Performance& performance);

void perform_until(const Performance& performance);
void perform_pages(const Performance& performance);

output::Strings strings_of(const Options& options);

// The views of a reply that was kept whole: what is picked, or what show_whole() shows.
void show(const Performance& performance, const http::CallResult& answer, const std::string& body);

// The envelope, sorted members, or as it came.
void show_whole(const Performance& performance, const http::CallResult& answer, const std::string& body);

// What judge() throws, after what was shown became the output.
void conclude(const Performance& performance, const http::CallResult& answer, std::string_view body);

}  // namespace hail::cli::rest
