// Commands that talk to the RabbitMQ server that the tests share.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/rabbit_server.h"

namespace hail::support {

// Long enough for a loaded machine.
inline Command rabbit_command(std::vector<std::string> words) {
    Command command = hail_command(std::move(words));
    command.limit = base::Milliseconds(60'000);
    return command;
}

// The input is a file on its stdin.
inline Outcome rabbit_hail(std::vector<std::string> words, const std::string& input = {}) {
    const TemporaryDirectory folder;
    Command command = rabbit_command(std::move(words));
    command.input_file = input.empty() ? "/dev/null" : folder.file("input", input);
    return run(command);
}

// A subscriber that runs beside the test, and is subscribed once it is constructed.
struct RabbitListener {
    explicit RabbitListener(std::vector<std::string> words)
        : process(rabbit_command((words.insert(words.begin(), "subscribe"), std::move(words)))) {
        const std::string line = process.read_error_line().value_or("");
        REQUIRE_MESSAGE(line.starts_with("hail: subscribed to "), line);
    }
    Process process;
};

}  // namespace hail::support
