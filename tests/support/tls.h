// TLS for the scripts of a peer: the first step of a connection.
//
// Shape:   {tls(certificates), read_request(), reply("x")}. The following steps go through TLS: cut()
//          sends close_notify before its FIN, drop() and reset() do not.
// Throws:  std::runtime_error from the peer's finish() if the TLS handshake fails.

#pragma once

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/peer.h"

namespace hail::support {

Step tls(const Certificates& certificates, const std::string& protocol = "http/1.1");  // of ALPN: "h2"

// Fails the handshake with a client that accepts only TLS 1.3, and closes.
Step tls_of_version_1_2(const Certificates& certificates);

// Fails the handshake, and closes: a client that does not trust the certificate ends it itself.
Step tls_refused(const Certificates& certificates);

// Demands a client certificate, signed by the authority of these, of a client without one. TLS 1.3 then ends
// with an alert, when the client believes that the handshake is over.
Step tls_without_certificate(const Certificates& certificates);

// The same under TLS 1.2, which ends the handshake itself with alert 40.
Step tls_1_2_without_certificate(const Certificates& certificates);

// Allows only ciphers that need another key than that of the certificate: alert 40.
Step tls_without_shared_cipher(const Certificates& certificates);

}  // namespace hail::support
