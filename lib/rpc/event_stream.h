// Replies wrapped as server-sent events, with one JSON message in the data of each event.
//
// Throws:  nothing.
// Source:  base/event_stream.h; MCP, Streamable HTTP.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hail::rpc {

// The data of every event, in order, including a last event that no empty line ends.
std::vector<std::string> event_data(std::string_view text);

// One JSON array of the messages that are replies (have no method); `others` receives the rest.
std::string replies_as_array(const std::vector<std::string>& messages, std::vector<std::string>& others);

}  // namespace hail::rpc
