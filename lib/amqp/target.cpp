#include "lib/amqp/target.h"

#include <limits>
#include <string_view>

#include "lib/amqp/frame.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::amqp {

namespace {

// Takes the settings of one address.
class Settings {
  public:
    explicit Settings(const net::Address& address) : address_(address) {}

    Target read() {
        if (address_.path.size() > 1) {
            const auto name = base::percent_decode(std::string_view(address_.path).substr(1));
            if (!name || name->size() > 255) {
                reject("the name of the virtual host is not valid", "write /NAME, with / in the name as %2F");
            }
            target_.virtual_host = *name;
        }
        for (std::string_view rest = address_.query; !rest.empty();) {
            std::string_view value = base::take_until(rest, '&');
            const std::string_view key = base::take_until(value, '=');
            if (!key.empty()) {
                set(key, value);
            }
        }
        return target_;
    }

  private:
    [[noreturn]] void reject(const std::string& why, const std::string& hint) const {
        throw base::Error(base::Exit::usage, "address '" + net::display(address_) + "': " + why, hint);
    }

    std::uint64_t number(std::string_view key, std::string_view value, std::uint64_t least,
                         std::uint64_t most) const {
        const auto result = base::parse_number(value);
        if (!result || *result < least || *result > most) {
            reject(std::string(key) + "=" + base::one_line(value, 40) + " is not a number from " +
                       std::to_string(least) + " to " + std::to_string(most),
                   "write ?" + std::string(key) + "=" + std::to_string(least));
        }
        return *result;
    }

    void set(std::string_view key, std::string_view value) {
        constexpr std::uint64_t most_short = std::numeric_limits<std::uint16_t>::max();
        if (key == "heartbeat") {
            target_.heartbeat = static_cast<std::uint16_t>(number(key, value, 0, most_short));
        } else if (key == "connection_timeout") {
            target_.connect_timeout = base::Milliseconds(number(key, value, 1, 86'400'000));
        } else if (key == "channel_max") {
            target_.channel_max = static_cast<std::uint16_t>(number(key, value, 1, most_short));
        } else if (key == "frame_max") {
            target_.frame_max =
                static_cast<std::uint32_t>(number(key, value, least_frame_max, usual_frame_max));
        } else if (key == "auth_mechanism") {
            set_auth(value);
        } else {
            reject("there is no setting '" + base::one_line(key, 40) + "'",
                   "the settings are heartbeat, connection_timeout, channel_max, frame_max and "
                   "auth_mechanism");
        }
    }

    void set_auth(std::string_view value) {
        if (base::equal_ignoring_case(value, "plain")) {
            target_.auth = Auth::plain;
        } else if (base::equal_ignoring_case(value, "external")) {
            target_.auth = Auth::external;
        } else {
            reject("auth_mechanism is neither plain nor external", "write ?auth_mechanism=external");
        }
    }

    const net::Address& address_;
    Target target_;
};

}  // namespace

Target target_of(const net::Address& address) {
    return Settings(address).read();
}

}  // namespace hail::amqp
