// Explains failed libcurl transfers in plain words: the exit status, the reason and a hint.
//
// Shape:   text from the server or the library becomes one printable line.
// Throws:  nothing.
// Source:  libcurl-errors(3).

#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/net/failure.h"

namespace hail::net {

// How far an exchange had come when it broke.
enum class Stage {
    connecting,  // name, TCP, proxy and TLS: nothing of the request was sent
    sending,     // part of the request may have been sent
    waiting,     // all of it was sent, nothing came back
    reading,     // the reply had begun
};

// A failed transfer as libcurl reports it.
struct CurlError {
    CURLcode code = CURLE_OK;
    std::string_view detail{};  // the error buffer, may be empty
    Stage stage = Stage::connecting;
    int os_error = 0;                              // CURLINFO_OS_ERRNO
    long connect_status = 0;                       // CURLINFO_HTTP_CONNECTCODE: a proxy's status for CONNECT
    std::string_view unix_socket{};                // the socket connected to, if not empty
    std::string_view peer{};                       // the last address tried, "127.0.0.1:8080"
    std::string_view proxy{};                      // the same, if it is a proxy
    std::string_view cacert{};                     // --cacert, or a variable that stands for it
    long proxy_logins = 0;                         // CURLINFO_PROXYAUTH_AVAIL
    bool request_is_out = true;                    // all of it was sent; a reply may begin before that
    bool tls_min = false;                          // --tls-min was given
    std::vector<std::string> certificate_names{};  // of the server, as far as its handshake got
};

Failure explain(const CurlError& error);

// For a server that ended the connection because of the client's certificate; the words are those of its
// alert. It has not looked at the request.
Failure certificate_refused(std::string_view words);

}  // namespace hail::net
