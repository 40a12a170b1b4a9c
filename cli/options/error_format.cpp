#include "cli/options/error_format.h"

#include <cstdlib>
#include <string_view>

namespace hail::cli::options {

output::ErrorFormat error_format(const std::vector<std::string>& words) {
    const char* variable = std::getenv("HAIL_ERROR_FORMAT");
    std::string_view format = variable == nullptr ? "" : variable;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string_view word = words[i];
        if (word.starts_with("--error-format=")) {
            format = word.substr(word.find('=') + 1);
        } else if (word == "--error-format" && i + 1 < words.size()) {
            format = words[i + 1];
        }
    }
    return format == "json" ? output::ErrorFormat::json : output::ErrorFormat::text;
}

}  // namespace hail::cli::options
