#include "cli/output/subscription_report.h"

#include <cstddef>

namespace hail::cli::output {

std::string subscriptions_text(const pubsub::Subscriptions& names, const std::string& noun) {
    const auto count = [](std::size_t number, const std::string& kind) {
        return number == 0 ? std::string() : std::to_string(number) + " " + kind + (number == 1 ? "" : "s");
    };
    const std::string channels = count(names.channels.size(), noun);
    const std::string patterns = count(names.patterns.size(), "pattern");
    return channels + (channels.empty() || patterns.empty() ? "" : " and ") + patterns;
}

}  // namespace hail::cli::output
