#include "cli/output/quirks.h"

#include <string_view>
#include <vector>

#include "lib/base/text.h"

namespace hail::cli::output {

void warn_about_quirks(hail::rpc::Quirks quirks, Console& console) {
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        if (hail::rpc::deserves_warning(quirk)) {
            console.warn("about the reply: " + std::string(hail::rpc::description(quirk)));
        }
    }
}

std::string describe_quirks(hail::rpc::Quirks quirks) {
    std::vector<std::string_view> descriptions;
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        descriptions.push_back(hail::rpc::description(quirk));
    }
    return base::join(descriptions, ", ");
}

}  // namespace hail::cli::output
