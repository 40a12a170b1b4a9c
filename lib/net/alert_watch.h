// The fatal alert by which a TLS server ended a connection, and the names of its certificate, also when
// libcurl speaks of something else.
//
// Shape:   one watch for each handle; it sees every connection that the handle opens. The connections may
//          outlive it. Why not libcurl's: since TLS 1.3, a server asks for a missing client certificate only
//          after the handshake. The request is on its way by then, and it is a race whether libcurl first
//          reads the alert or first fails to write. It reads once more before it closes, and this watch sees
//          that.
// Throws:  nothing.
// Source:  RFC 8446 6.2, RFC 9525 6.1 (the names), SSL_CTX_set_info_callback(3).

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hail::net {

struct TlsFacts;

class AlertWatch {
  public:
    AlertWatch();

    // Once for the handle, which must not open a connection after the watch has gone.
    void watch(CURL* easy);

    // Before each exchange.
    void forget();

    // Takes in an alert that has come but was not read; bytes of the application stay where they are.
    void look(CURL* easy) const;

    // If the server has asked for the client's certificate and judges it only after the handshake, waits a
    // moment for what it sends next: the alert, or else its session tickets.
    void wait(CURL* easy, curl_socket_t socket) const;

    // The fault of the client's certificate, such as "certificate required"; empty without such an alert.
    std::string_view certificate_fault() const;

    // The host names and addresses that the certificate of the last handshake is for; without any, the name
    // of its subject. Empty before the end of a handshake.
    std::vector<std::string> certificate_names() const;

  private:
    static CURLcode on_context(CURL* easy, void* context, void* self);

    std::shared_ptr<TlsFacts> facts_;
};

}  // namespace hail::net
