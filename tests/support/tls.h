#pragma once

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/peer.h"

// TLS for scripts of a peer: the first step of a connection.
//
// Shape:   {tls(certificates), read_request(), reply("x")}. What follows goes through TLS: cut() sends close_notify
//          (close_notify) before its FIN, drop() and reset() do not.
// Throws:  std::runtime_error, into the peer's finish(), when the client does not agree on TLS.

namespace hail::support {

Step tls(const Certificates& certificates, const std::string& protocol = "http/1.1");  // of ALPN: "h2"

}  // namespace hail::support
