// Explains in plain words why a TLS connection to a server did not come about: its certificate is not
// accepted, or the handshake failed.
//
// Shape:   the words of OpenSSL for faults that are common become sentences; others stay as they are.
// Throws:  nothing.
// Source:  X509_verify_cert_error_string(3), RFC 8446 6.2, lib/vtls of libcurl 7.88 to 8.14.

#pragma once

#include "lib/net/curl_errors.h"
#include "lib/net/failure.h"

namespace hail::net {

Failure explain_certificate(const CurlError& error);  // the server's

Failure explain_handshake(const CurlError& error);

}  // namespace hail::net
