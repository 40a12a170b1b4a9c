// A path picks the value that it built; the position of a problem is inside the path.

#include <cstddef>
#include <cstdint>
#include <string>

#include "lib/base/text.h"
#include "lib/json/build.h"
#include "lib/json/path.h"
#include "lib/json/pick.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

using namespace hail;

namespace {

void require_inside(const json::PathProblem& problem, const std::string& text) {
    require(problem.begin <= problem.end);
    require(problem.begin <= text.size());
}

}  // namespace

// Each line is a path; together they build one document.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string rest(data, data + size);
    if (!base::is_utf8(rest)) {
        return 0;
    }
    json::Builder builder;
    for (std::size_t line = 0; !rest.empty() && line < 20; ++line) {
        const std::string text = rest.substr(0, rest.find('\n'));
        rest.erase(0, text.size() + 1);
        const json::ParsedPath parsed = json::parse_path(text);
        if (parsed.problem) {
            require_inside(*parsed.problem, text);
            continue;
        }
        const std::string value = line % 3 == 0   ? R"({"a":{"a":[1]},"a":null})"
                                  : line % 3 == 1 ? "null"
                                                  : "[1, []]";
        if (const auto problem = builder.set(parsed.path, value)) {
            require_inside(*problem, text);
            continue;
        }
        const std::string document = builder.text();
        require(json::is_json(document));
        const auto picked = json::pick(document, parsed.path);
        require(!picked.empty() && picked.back() == value);
    }
    return 0;
}
