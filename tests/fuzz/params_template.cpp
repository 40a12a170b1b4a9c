// Whatever a template and the values are, the params that they make are JSON, and text comes back as it was.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/params_template.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "tests/fuzz/require.h"

// The input is the value of column a, a zero byte, and the template.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using hail::cli::input::ParamsTemplate;
    const std::string text(data, data + size);
    const std::size_t zero = std::min(text.find('\0'), text.size());
    const std::vector<std::string> values{text.substr(0, zero), "{\"b\":[1]}"};
    const std::vector<std::string> columns{"a", "b"};
    std::string out;
    ParamsTemplate alone(R"(["{a}"])");
    require(alone.bind(columns).empty());
    require(alone.fill(values, out).empty() == hail::base::is_utf8(values[0]));
    if (hail::base::is_utf8(values[0])) {
        require(hail::json::is_json(out));
        require(hail::json::unquote(std::string_view(out).substr(1, out.size() - 2)) == values[0]);
    }
    const std::string json = zero < text.size() ? text.substr(zero + 1) : "";
    if (!hail::json::is_json(json)) {
        return 0;
    }
    try {
        ParamsTemplate params(json);
        if (params.bind(columns).empty() && params.fill(values, out).empty()) {
            require(hail::json::is_json(out));
        }
    } catch (const hail::base::Error&) {  // braces that do not name a column
        return 0;
    }
    return 0;
}
