// Whether the peer of a TLS connection said that it was at its end (close_notify), for a reply that
// only this ends: libcurl 7.88.1 takes a connection that was cut for one that was closed.
//
// Shape:   watch() while the handle's reply is being read, once a reply; the object stays where it is until
//          the handle's next reply. Where libcurl is not built on OpenSSL the close_notify counts as
//          received: those libraries report its absence themselves.
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
