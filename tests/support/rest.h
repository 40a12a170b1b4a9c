// The helpers that most tests of hail rest use.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

namespace hail::support {

Outcome rest(std::vector<std::string> arguments, std::string input = {});

// With the folder as its working directory.
Outcome rest_in(const TemporaryDirectory& folder, std::vector<std::string> arguments);

// With stdin, stdout and stderr on one terminal.
Outcome rest_on_terminal(std::vector<std::string> arguments);

// A complete reply with its length; `extra` is header lines that end with \r\n.
std::string http_answer(const std::string& body, const std::string& extra = {},
                        const std::string& status = "200 OK");

// A peer that answers every request of every connection, with Peer::Others::repeat.
std::vector<Script> always(std::function<std::string(const Received&)> give);

}  // namespace hail::support
