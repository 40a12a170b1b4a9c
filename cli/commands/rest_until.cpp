#include <poll.h>

#include <algorithm>
#include <optional>
#include <string>

#include "cli/commands/rest_judge.h"
#include "cli/commands/rest_perform.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body_collector.h"

// One call again and again, until its reply is what was waited for.

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

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
    return !request.stream || request.stream->can_rewind();
}

// 0 is no limit, as everywhere.
base::Deadline deadline_of(const Show& show) {
    return base::Deadline::after(show.deadline == base::Milliseconds(0) ? std::nullopt : show.deadline);
}

[[noreturn]] void give_up(const Performance& performance, const http::CallResult& answer,
                          const std::string& body, const std::string& why, const std::string& hint = {}) {
    performance.console.erase();
    if (!answer.result.failure) {
        show(performance, answer, body);
    }
    performance.console.finish();
    throw Error(Exit::unexpected, name_of(answer) + ": " + why, hint);
}

}  // namespace

void perform_until(const Performance& performance) {
    const Show& options = performance.options.show;
    const base::Milliseconds every = options.every.value_or(base::Milliseconds(0));
    const base::Deadline deadline = deadline_of(options);
    while (true) {
        http::BodyCollector collector;
        output::FrontReceiver front(collector, performance.console, options.headers_to);
        const http::CallResult answer = performance.make(performance.request, front, deadline);
        if (performance.stop.raised() != 0 || !(deadline.passed() || may_go_on(answer))) {
            check_failure(performance, answer);
        }
        const auto why = answer.result.failure
                             ? answer.result.failure->why
                             : performance.until.disappointment(answer.result.head, collector.body());
        if (!why) {
            performance.console.erase();
            show(performance, answer, collector.body());
            conclude(performance, answer, collector.body());
            return;
        }
        const int left = deadline.poll_milliseconds();
        if (left >= 0 && left <= every.count()) {
            give_up(performance, answer, collector.body(),
                    "not within " + base::format_duration(*options.deadline) + ": " + *why);
        }
        if (!can_be_repeated(performance.request)) {
            give_up(performance, answer, collector.body(), *why,
                    "it cannot be sent again: its body came from standard input");
        }
        performance.console.draw("waiting: " + *why);
        if (!wait(every, performance.stop)) {
            performance.console.erase();
            throw Error(performance.stop.exit(), name_of(answer) + ": stopped by a signal; last " + *why);
        }
    }
}

}  // namespace hail::cli::rest
