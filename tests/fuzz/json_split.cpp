// The values do not depend on how the input is cut, each is JSON, and a single document is split into itself.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/json/scan.h"
#include "lib/json/split.h"

using namespace hail;
using json::SplitOptions;
using json::Splitter;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

std::string split(std::string_view input, std::size_t piece, SplitOptions::Shape shape) {
    Splitter splitter({.shape = shape, .most_bytes = 1000});
    std::string out;
    while (true) {
        const Splitter::Step step = splitter.next();
        if (step == Splitter::Step::value) {
            require(json::is_json(splitter.value()));
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
            return out + "problem @" + std::to_string(splitter.line());
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
        require(split(text, piece, shape) == split(text, text.size() + 1, shape));
    }
    if (json::is_json(text)) {
        const std::string whole = split(text, piece, SplitOptions::Shape::values);
        require(whole.starts_with(std::string(json::trim(text)) + " @") && whole.ends_with("\nend"));
    }
    return 0;
}
