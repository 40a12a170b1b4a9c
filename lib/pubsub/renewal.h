// Logins that change while a command runs: a token that lives for 15 minutes, a password in a file.
//
// Shape:   the first connection uses the address as it is. Each later one asks for the address anew, whose
//          secrets are read again; if the broker refuses them, they are read and tried once more, because
//          they may just have changed.
// Throws:  whatever the reading of the secrets or the opening throws.

#pragma once

#include <functional>

#include "lib/net/address.h"
#include "lib/net/failure.h"

namespace hail::pubsub {

// The address, with its user and password read anew.
using RenewAddress = std::function<net::Address()>;

// Returns open(address) for a connection that is made again. Without `renew` the secrets do not change.
template <typename Open>
auto open_anew(const net::Address& known, const RenewAddress& renew, const Open& open)
    -> decltype(open(known)) {
    if (!renew) {
        return open(known);
    }
    try {
        return open(renew());
    } catch (const net::LoginRefused&) {
        return open(renew());
    }
}

}  // namespace hail::pubsub
