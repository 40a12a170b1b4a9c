#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/rpc/discovery.h"
#include "lib/rpc/message.h"
#include "lib/rpc/page_text.h"
#include "lib/rpc/reply.h"
#include "lib/rpc/result_stream.h"
#include "tests/fuzz/require.h"

// Every text is read as a reply or rejected; spans lie in the text and are JSON. If the same bytes are read
// as a request, the rewritten request is JSON that reads back as the same request with the new id.

namespace {

using namespace hail;

bool lies_in(std::string_view span, std::string_view text) {
    return span.empty() ||
           (span.data() >= text.data() && span.data() + span.size() <= text.data() + text.size());
}

void read_as_reply(std::string_view text) {
    const rpc::Reply reply = rpc::read_reply(text, "7");
    const std::string_view owner = reply.unwrapped ? std::string_view(*reply.unwrapped) : text;
    if (reply.kind == rpc::Reply::Kind::problem) {
        require(!reply.problem.empty());
        return;
    }
    const std::string_view value = reply.kind == rpc::Reply::Kind::result ? reply.result : reply.error.whole;
    require(!value.empty() && lies_in(value, owner) && lies_in(reply.whole, owner));
    require(!json::check(value, json::Encoding::any));
    if (reply.kind == rpc::Reply::Kind::error) {
        require(rpc::one_line(reply.error).find('\n') == std::string::npos);
    }
}

void read_as_request(std::string_view text) {
    if (json::check(text, json::Encoding::any)) {
        return;
    }
    const rpc::RequestReading reading = rpc::read_request(text);
    if (!reading.problem.empty()) {
        return;
    }
    std::string sent;
    rpc::append_request(sent, reading.request, 2'000'000'000);
    require(!json::check(sent, json::Encoding::any));
    const rpc::RequestReading again = rpc::read_request(sent);
    require(again.problem.empty() && again.request.has_version);
    require(again.request.method == reading.request.method);
    require(again.request.id == (reading.request.is_notification() ? "" : "2000000000"));
}

// A large result that is passed on in pieces is the one that is read from the whole.
void read_in_pieces(std::string_view text) {
    const std::string_view begin = json::trim(base::without_byte_order_mark(text));
    if (begin.empty() || begin.front() != '{') {
        return;
    }
    std::string passed_on;
    rpc::ResultStream results(3, [&](std::string_view bytes) { passed_on += bytes; });
    results.feed(text.substr(0, text.size() / 2));
    results.feed(text.substr(text.size() / 2));
    const std::string fault = results.finish();
    const rpc::Reply whole = rpc::read_reply(text, "7");
    if (whole.kind == rpc::Reply::Kind::problem || whole.quirks.has(rpc::Quirk::member_twice)) {
        return;
    }
    const rpc::Reply rest = rpc::read_reply(results.text(), "7");
    require(fault.empty() && rest.kind == whole.kind);
    if (whole.kind == rpc::Reply::Kind::result) {
        require(whole.result == (results.is_passed_on() ? std::string_view(passed_on) : rest.result));
    }
}

void read_as_discovery(std::string_view text) {
    require(rpc::page_text(text).size() <= text.size());
    if (json::check(text, json::Encoding::any)) {
        return;
    }
    for (const rpc::Way way : rpc::ways_to_list()) {
        require(!rpc::method_names(way, json::trim(text)).value_or(std::vector<std::string>{"one"}).empty());
    }
    for (const rpc::Way way : rpc::ways_to_describe()) {
        if (const auto found = rpc::description(way, json::trim(text), "a")) {
            require(lies_in(*found, text));
            rpc::readable(*found, "a");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read_as_reply(text);
    read_as_request(text);
    read_in_pieces(text);
    read_as_discovery(text);
    return 0;
}
