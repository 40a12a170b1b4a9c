#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "lib/json/compare.h"
#include "lib/json/scan.h"
#include "lib/rest/expectation.h"
#include "tests/fuzz/require.h"

// Every text is rejected with a reason or judged. == and != never agree about a reply, unless the path picks
// nothing or several values. The input is an expectation, a line feed and a body.

namespace {

using namespace hail;

void judge(std::string_view text, std::string_view body) {
    rest::Expectation expectation = rest::parse_expectation(text);
    http::ReplyHead head;
    head.add_line("HTTP/1.1 200 OK");
    head.add_line("A: b");
    const auto verdict = rest::judge(expectation, head, body);
    require(!verdict.why.empty() && verdict.why.find('\n') == std::string::npos);
    expectation.comparison = rest::Comparison::equal;
    const bool equal = rest::judge(expectation, head, body).holds;
    expectation.comparison = rest::Comparison::different;
    require(!(equal && rest::judge(expectation, head, body).holds));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view body = text.substr(std::min(end + 1, text.size()));
    if (json::is_json(body)) {
        require(json::equal(body, body));
    }
    try {
        judge(text.substr(0, end), body);
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage);
    }
    return 0;
}
