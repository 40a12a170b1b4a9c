// The helpers that tests of hail rpc use.

#pragma once

#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"

namespace hail::support {

// A peer that answers one request with this body and status; `headers` are lines that end with \r\n.
Script answer(const std::string& body, const std::string& status = "200 OK", const std::string& headers = "");

// Calls the method m of the peer with the id 1.
Outcome call(const Peer& peer, std::vector<std::string> more = {});

std::string result_reply(const std::string& value);  // to the id 1
std::string error_reply(int code, const std::string& message);

}  // namespace hail::support
