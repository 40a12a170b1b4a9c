#include "lib/net/close_notify.h"

#include <openssl/ssl.h>

namespace hail::net {

namespace {

int notify_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

void on_close_notify(const SSL* session, int where, int value) {
    constexpr unsigned description = 0xff;
    const bool alert = (where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT;
    if (alert && (static_cast<unsigned>(value) & description) == SSL_AD_CLOSE_NOTIFY) {
        static_cast<CloseNotify*>(SSL_get_ex_data(session, notify_index()))->received();
    }
}

}  // namespace

void CloseNotify::watch(CURL* easy) {
    const curl_tlssessioninfo* info = nullptr;
    curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info);
    if (info == nullptr || info->backend != CURLSSLBACKEND_OPENSSL || info->internals == nullptr) {
        return;
    }
    auto* const session = static_cast<SSL*>(info->internals);
    missing_ = (SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN) == 0 &&
               SSL_set_ex_data(session, notify_index(), this) == 1;
    SSL_set_info_callback(session, &on_close_notify);
}

}  // namespace hail::net
