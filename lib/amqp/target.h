// The part of an AMQP address after the host: the virtual host and the settings of the connection.
//
// Throws:  Error(usage) for an unknown setting or a wrong value.
// Source:  the RabbitMQ URI specification and its query parameters. There, amqp://host/ names the virtual
//          host "", which does not exist; here it means the default one, "/".

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/net/address.h"

namespace hail::amqp {

enum class Auth { automatic, plain, external };

struct Target {
    std::string virtual_host = "/";
    std::optional<std::uint16_t> heartbeat{};  // seconds; 0: none
    std::optional<base::Milliseconds> connect_timeout{};
    std::uint16_t channel_max = 0;  // 0: as the server says, as for the next
    std::uint32_t frame_max = 0;
    Auth auth = Auth::automatic;
};

Target target_of(const net::Address& address);

}  // namespace hail::amqp
