// The private key of a client certificate, before a connection needs it.
//
// Shape:   reads regular files only: what comes from a pipe can be read once, by libcurl.
// Why not libcurl's: without a password OpenSSL would ask for one itself, and read stdin if there is no
//          terminal.
// Throws:  nothing.
// Source:  PEM_read_bio_PrivateKey(3).

#pragma once

#include "lib/net/connect_options.h"

namespace hail::net {

enum class KeyState {
    ready,           // it can be used, or libcurl is to say why it cannot
    needs_password,  // it is encrypted, and the options have no password
    wrong_password,  // it is encrypted, and the password of the options does not open it
};

KeyState key_state(const TlsOptions& tls);

}  // namespace hail::net
