#include "cli/output/call_log.h"

#include <string>

#include "lib/base/text.h"
#include "lib/http/resolve.h"

namespace hail::cli::output {

void CallLog::redirected(const http::Redirect& next, int status) {
    if (console_.verbose()) {
        console_.say(std::to_string(status) + ": redirected to " + next.request.method + " " +
                     next.request.url);
    }
    if (next.dropped.empty() && !next.body_leaves) {
        return;
    }
    const std::string body = next.body_leaves ? "; the body is sent there" : "";
    const std::string dropped =
        next.dropped.empty() ? "" : "; not sent there: " + base::join(next.dropped, ", ");
    console_.warn("redirected to another origin, " + std::string(http::origin(next.request.url)) + body +
                  dropped);
}

void CallLog::retrying(const http::Attempt& attempt, const http::Result& result, base::Milliseconds delay) {
    const std::string why = result.failure ? result.failure->why : "status " + std::to_string(attempt.status);
    console_.say(base::one_line(why) + "; trying again in " + base::format_duration(delay) + " (" +
                 std::to_string(attempt.number) + " of " +
                 std::to_string(http::most_retries(retry_, attempt)) + ")");
}

}  // namespace hail::cli::output
