// The values and faults do not depend on how the input is cut or on how large a value may be, each value is
// JSON, and a single document is split into itself.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/json/scan.h"
#include "lib/json/split.h"
#include "tests/fuzz/require.h"

using namespace hail;
using json::SplitOptions;
using json::Splitter;

namespace {

std::string split(std::string_view input, std::size_t piece, SplitOptions options) {
    Splitter splitter(options);
    std::string out;
    while (true) {
        const Splitter::Step step = splitter.next();
        if (step == Splitter::Step::value) {
            require(!json::check(splitter.value(), options.encoding));
            out += std::string(splitter.value()) + " @" + std::to_string(splitter.offset()) + "\n";
        } else if (step == Splitter::Step::more) {
            if (input.empty()) {
                splitter.finish();
            }
            splitter.feed(input.substr(0, piece));
            input.remove_prefix(std::min(piece, input.size()));
        } else if (step == Splitter::Step::end) {
            return out + "end";
        } else {
            out += splitter.what() + " @" + std::to_string(splitter.offset()) + ", line " +
                   std::to_string(splitter.line()) + ", column " + std::to_string(splitter.column()) + "\n";
            if (!splitter.resume("{[")) {
                return out + "no more";
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 900) {
        return 0;
    }
    const std::size_t piece = data[0] % 16U + 1U;
    const std::string text(data + 1, data + size);
    for (const auto shape :
         {SplitOptions::Shape::detect, SplitOptions::Shape::values, SplitOptions::Shape::elements}) {
        for (const std::size_t most : {std::size_t{20}, std::size_t{1000}}) {
            const SplitOptions options{
                .shape = shape,
                .most_bytes = most,
                .encoding = data[0] % 2 == 0 ? json::Encoding::utf8 : json::Encoding::any};
            require(split(text, piece, options) == split(text, text.size() + 1, options));
        }
    }
    if (json::is_json(text)) {
        const std::string whole = split(text, piece, {.shape = SplitOptions::Shape::values});
        require(whole.starts_with(std::string(json::trim(text)) + " @") && whole.ends_with("\nend"));
    }
    return 0;
}
