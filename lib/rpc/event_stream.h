// Replies that come wrapped as server-sent events, one JSON message in the data of each event.
//
// Throws:  nothing.
// Source:  base/event_stream.h; MCP, Streamable HTTP.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hail::rpc {

// The data of every event, in order; also that of a last event that no empty line ends.
std::vector<std::string> event_data(std::string_view text);

// The messages as one JSON array of those that are replies (have no method); `others` receives the rest.
std::string replies_as_array(const std::vector<std::string>& messages, std::vector<std::string>& others);

}  // namespace hail::rpc
