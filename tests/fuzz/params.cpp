// Every line is a param: the params are a JSON array or object, or a usage error that names the param. No
// file is read.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/input/params.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "tests/fuzz/require.h"

using namespace hail;
using namespace hail::cli::input;

namespace {

template <typename Make>
void check(Make make) {
    try {
        const std::string params = make();
        require(params.empty() || json::is_json(params));
        require(params.empty() || params.front() == '[' || params.front() == '{');
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage || error.exit() == base::Exit::bad_input);
        require(base::one_line(error.what(), 100'000) == error.what());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size() && words.size() < 20;) {
        words.push_back(text.substr(at, text.find('\n', at) - at));
        at += words.back().size() + 1;
    }
    Files none = Files::forbidden();
    check([&] { return params_of(words, none); });
    check([&] { return whole_params(text, none); });
    return 0;
}
