#include "lib/amqp/channel_name.h"

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::amqp {

namespace {

using base::Error;
using base::Exit;

[[noreturn]] void reject_channel(std::string_view text, const std::string& why, const std::string& hint) {
    throw Error(Exit::usage, "channel '" + base::one_line(text, 60) + "': " + why, hint);
}

std::string decode_exchange(std::string_view text) {
    std::string name;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view rest = text.substr(at);
        const bool slash = rest.starts_with("%2F") || rest.starts_with("%2f");
        if (slash || rest.starts_with("%25")) {
            name += slash ? '/' : '%';
            at += 2;
        } else {
            name += rest.front();
        }
    }
    return name;
}

}  // namespace

Place parse_channel(std::string_view text) {
    const auto slash = text.find('/');
    Place place;
    if (slash == text.npos) {
        place.key = text;
    } else {
        place = {decode_exchange(text.substr(0, slash)), std::string(text.substr(slash + 1))};
    }
    if (place.is_queue() && place.key.empty()) {
        reject_channel(text, "the name of a queue is empty", "name a queue, or write EXCHANGE/KEY");
    }
    if (place.exchange.size() > longest_name || place.key.size() > longest_name) {
        const std::string what = place.exchange.size() > longest_name ? "exchange"
                                 : place.is_queue()                   ? "queue"
                                                                      : "key";
        reject_channel(text, "the name of the " + what + " is longer than 255 bytes",
                       "RabbitMQ has no longer names");
    }
    return place;
}

void append_channel(std::string& out, std::string_view exchange, std::string_view key) {
    if (exchange.empty()) {
        if (key.find('/') != key.npos) {
            out += '/';
        }
        out += key;
        return;
    }
    for (const char c : exchange) {
        if (c == '/' || c == '%') {
            out += c == '/' ? "%2F" : "%25";
        } else {
            out += c;
        }
    }
    out += '/';
    out += key;
}

std::string channel_text(const Place& place) {
    std::string text;
    append_channel(text, place.exchange, place.key);
    return text;
}

}  // namespace hail::amqp
