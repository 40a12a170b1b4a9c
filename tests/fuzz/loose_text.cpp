// Bodies of no known form: masking them is safe for any bytes, and leaves a text of other fields alone.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/http/loose_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string masked = hail::http::mask_loose_text(text);
    const bool changed = masked != text;
    if (changed && masked.find("***") == masked.npos) {
        std::abort();
    }
    // A value on its own line after the text of a secret's name is always masked.
    const std::string leak = hail::http::mask_loose_text("password=L3AK\n" + std::string(text));
    if (leak.substr(0, 13) != "password=***\n") {
        std::abort();
    }
    return 0;
}
