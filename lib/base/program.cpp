#include "lib/base/program.h"

#include <poll.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "lib/base/child.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {
constexpr std::size_t most_output = 1024UL * 1024;
}

std::string program_line(std::vector<std::string> words, Milliseconds limit, const Stop& stop) {
    const std::string what = "running " + one_line(words.front()) + ": ";
    const Deadline deadline = Deadline::after(limit);
    Child child({.words = std::move(words), .environment = {}, .input = {}, .keep_output = most_output});
    while (!child.ended()) {
        std::vector<pollfd> polls{{stop.descriptor(), POLLIN, 0}};
        child.add_polls(polls);
        ::poll(polls.data(), polls.size(), deadline.poll_milliseconds());
        if (stop.raised() != 0) {
            throw Error(stop.exit(), what + "stopped by a signal");
        }
        child.advance();
        if (!child.ended() && deadline.passed()) {
            throw Error(Exit::no_input, what + "it does not end");
        }
    }
    if (*child.ended() != 0) {
        throw Error(Exit::no_input, what + describe_status(*child.ended()));
    }
    if (child.output_too_large()) {
        throw Error(Exit::no_input, what + "its output is longer than 1 MiB");
    }
    std::string text = child.output().substr(0, child.output().find('\n'));
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    if (text.empty()) {
        throw Error(Exit::no_input, what + "its first line is empty");
    }
    return text;
}

}  // namespace hail::base
