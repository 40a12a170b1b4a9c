#include "lib/pubsub/envelope.h"

#include <cstddef>

namespace hail::pubsub {

namespace {

constexpr std::string_view first_line = "hail-message: 1\n";
constexpr std::size_t most_header = 64UL * 1024;

}  // namespace

std::optional<Envelope> read_envelope(std::string_view message) {
    if (!message.starts_with(first_line)) {
        return std::nullopt;
    }
    Envelope envelope;
    std::string_view rest = message.substr(first_line.size());
    while (!rest.starts_with('\n')) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        const std::size_t colon = line.find(": ");
        if (end == rest.npos || colon == line.npos || message.size() - rest.size() > most_header) {
            return std::nullopt;
        }
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = line.substr(colon + 2);
        if (name == "reply-to") {
            envelope.reply_to = value;
        } else if (name == "correlation-id") {
            envelope.correlation_id = value;
        } else if (name == "status") {
            envelope.failed = value == "error";
        }
        rest.remove_prefix(end + 1);
    }
    envelope.payload = rest.substr(1);
    return envelope;
}

std::string write_envelope(const Envelope& envelope) {
    std::string message(first_line);
    const auto line = [&message](std::string_view name, std::string_view value) {
        message += name;
        message += ": ";
        message += value;
        message += '\n';
    };
    if (envelope.reply_to) {
        line("reply-to", *envelope.reply_to);
    }
    if (envelope.correlation_id) {
        line("correlation-id", *envelope.correlation_id);
    }
    if (envelope.failed) {
        line("status", "error");
    }
    message += '\n';
    message += envelope.payload;
    return message;
}

}  // namespace hail::pubsub
