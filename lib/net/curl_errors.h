// Failed transfers of libcurl in plain words: the exit status, why, and what may help.
//
// Shape:   text from the server or the library is one printable line.
// Throws:  nothing.
// Source:  libcurl-errors(3).

#pragma once

#include <curl/curl.h>

#include <string_view>

#include "lib/net/failure.h"

namespace hail::net {

// How far an exchange had come when it broke.
enum class Stage {
    connecting,  // name, TCP, proxy and TLS: nothing of the request was sent
    sending,     // part of it may be out
    waiting,     // all of it is out, nothing came back
    reading,     // the reply had begun
};

// What libcurl knows about a failed transfer.
struct CurlError {
    CURLcode code = CURLE_OK;
    std::string_view detail{};  // the error buffer, may be empty
    Stage stage = Stage::connecting;
    int os_error = 0;                // CURLINFO_OS_ERRNO
    long connect_status = 0;         // CURLINFO_HTTP_CONNECTCODE: what a proxy answered to CONNECT
    std::string_view unix_socket{};  // it was connected to this, if not empty
};

Failure explain(const CurlError& error);

}  // namespace hail::net
