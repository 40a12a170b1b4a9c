#include <cstdint>
#include <string>

#include "lib/base/event_stream.h"
#include "tests/fuzz/require.h"

// Events do not depend on how the stream is cut, and no field except data contains a line end.

namespace {

using hail::base::Event;
using hail::base::EventStream;

void add(std::string& out, const Event& event) {
    require(event.type.find_first_of("\r\n") == std::string::npos);
    require(event.id.find_first_of("\r\n") == std::string::npos);
    require(event.data.find('\r') == std::string::npos && !event.cut);
    out += event.type + '\0' + event.data + '\0' + event.id + '\0';
}

std::string read(std::string_view text, std::size_t piece) {
    EventStream stream;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        stream.feed(text.substr(at, piece));
        while (stream.next()) {
            add(out, stream.event());
        }
    }
    if (const Event* const last = stream.rest()) {
        add(out, *last);
    }
    out += std::to_string(stream.retry().value_or(hail::base::Milliseconds(-1)).count());
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    require(read(text, text.size()) == read(text, 1));
    require(read(text, text.size()) == read(text, 1U + data[0] % 16U));
    return 0;
}
