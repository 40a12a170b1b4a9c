// CloseNotify detects whether the peer of a TLS connection announced its end (close_notify), for a reply that
// ends with its connection: libcurl 7.88.1 treats a connection that was cut like one that was closed.
//
// Shape:   call watch() while the handle's reply is being read, once per reply; the object must stay in place
//          until the handle's next reply. If libcurl is not built on OpenSSL, the close_notify counts as
//          received: the other libraries report its absence themselves.
// Throws:  nothing.
// Source:  RFC 8446 6.1; RFC 9112 9.8; SSL_set_info_callback(3), CURLINFO_TLS_SSL_PTR(3).

#pragma once

#include <curl/curl.h>

namespace hail::net {

class CloseNotify {
  public:
    CloseNotify() = default;
    CloseNotify(const CloseNotify&) = delete;
    CloseNotify& operator=(const CloseNotify&) = delete;

    void watch(CURL* easy);
    void forget() { missing_ = false; }
    bool missing() const { return missing_; }
    void received() { missing_ = false; }

  private:
    bool missing_ = false;
};

}  // namespace hail::net
