#include "lib/rest/repeat.h"

#include <string>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/body.h"
#include "lib/rest/verdict.h"

namespace hail::rest {

namespace {

using base::Error;
using base::Exit;

// Whether repeating a failed call is safe, and may help.
bool may_repeat(const http::CallResult& call) {
    const auto& failure = call.result.failure;
    return !failure || failure->exit == Exit::unreachable ||
           ((failure->exit == Exit::unknown || failure->exit == Exit::timed_out) &&
            http::is_idempotent(call.request.method));
}

bool can_send_again(const http::Request& request) {
    return !request.stream || request.stream->can_rewind();
}

std::optional<std::string> why_not_yet(const Reply& reply, const Expectations& until) {
    return reply.call.result.failure ? reply.call.result.failure->why
                                     : until.first_failure(reply.head(), reply.body);
}

}  // namespace

Repeated repeat(const Send& send, const http::Request& request, const Expectations& until,
                const RepeatOptions& options, const base::Stop& stop, Sink& sink) {
    const base::Deadline deadline = base::Deadline::after(options.limit);
    while (true) {
        Reply reply = fetch(send, request, options.max_reply, deadline);
        if (stop.raised() != 0 || !(deadline.passed() || may_repeat(reply.call))) {
            throw_on_failure(reply.call);
        }
        const auto why = why_not_yet(reply, until);
        if (!why) {
            return {std::move(reply), std::nullopt};
        }
        const std::string name = name_of(reply.call);
        const int left = deadline.poll_milliseconds();
        if (left >= 0 && left <= options.every.count()) {
            return {std::move(reply),
                    Error(Exit::unexpected, name + ": --until was not met within " +
                                                base::format_duration(*options.limit) + ": " + *why)};
        }
        if (!can_send_again(request)) {
            return {std::move(reply),
                    Error(Exit::unexpected, name + ": " + *why,
                          "the request cannot be sent again, because its body came from standard input")};
        }
        sink.waiting(*why);
        if (!stop.sleep(options.every)) {
            throw Error(stop.exit(), name + ": stopped by a signal; last result: " + *why);
        }
    }
}

}  // namespace hail::rest
