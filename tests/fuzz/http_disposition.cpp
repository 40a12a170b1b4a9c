// The name of a download: no Content-Disposition and no URL may lead out of the folder, hide the file, steer
// a terminal or pass for an option.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/base/text.h"
#include "lib/http/disposition.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string url = "http://h/" + std::string(text.substr(0, text.find_first_of(" \t\r\n")));
    for (const std::string& name : {hail::http::download_name(text, "http://h/", ""),
                                    hail::http::download_name({}, url, "text/html")}) {
        const bool harmless = !name.empty() && name.size() <= 200 && name.find('/') == name.npos &&
                              name.front() != '.' && name.front() != '-' && hail::base::is_utf8(name) &&
                              hail::base::one_line(name) == name;
        if (!harmless) {
            std::abort();
        }
    }
    return 0;
}
