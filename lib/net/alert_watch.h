// The fatal alert by which a TLS server ended a connection, also when libcurl speaks of something else.
//
// Shape:   one watch for each handle; it sees every connection that the handle opens. The connections may
//          outlive it.
// Why not libcurl's: since TLS 1.3, a server asks for a missing client certificate only after the handshake.
//          The request is on its way by then, and it is a race whether libcurl first reads the alert or first
//          fails to write. It reads once more before it closes, and this watch sees that.
// Throws:  nothing.
// Source:  RFC 8446 6.2, SSL_CTX_set_info_callback(3).

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string_view>

namespace hail::net {

class AlertWatch {
  public:
    // Once for the handle, which must not open a connection after the watch has gone.
    void watch(CURL* easy);

    // Before each exchange.
    void forget() { alert_ = std::make_shared<int>(0); }

    // Takes in an alert that has come but was not read; bytes of the application stay where they are.
    void look(CURL* easy) const;

    // The fault of the client's certificate, such as "certificate required"; empty without such an alert.
    std::string_view certificate_fault() const;

  private:
    static CURLcode on_context(CURL* easy, void* context, void* self);

    std::shared_ptr<int> alert_ = std::make_shared<int>(0);  // its number; 0 before one came
};

}  // namespace hail::net
