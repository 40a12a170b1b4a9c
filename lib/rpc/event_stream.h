#pragma once

#include <string>
#include <string_view>
#include <vector>

// Replies that come wrapped as server-sent events, one JSON message in the data of each event.
//
// Shape:   lines end in LF, CR or CRLF; several data lines of one event are joined with LF; comments and other fields are dropped.
// Throws:  nothing.
// Source:  HTML Living Standard, 9.2.6 (interpreting an event stream); MCP, Streamable HTTP.

namespace hail::rpc {

// Whether the text is an event stream and not JSON, judged by its first line: no reply begins with a field's name.
bool is_event_stream(std::string_view text);

// The data of every event, in order; also that of a last event that no empty line ends.
std::vector<std::string> event_data(std::string_view text);

// The messages as one JSON array of those that are replies (have no method); `others` receives the rest.
std::string replies_as_array(const std::vector<std::string>& messages, std::vector<std::string>& others);

}  // namespace hail::rpc
