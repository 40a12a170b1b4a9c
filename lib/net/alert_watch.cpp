#include "lib/net/alert_watch.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hail::net {

namespace {

using Alert = std::shared_ptr<int>;

void release(void* /*context*/, void* alert, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*argument*/,
             void* /*pointer*/) {
    delete static_cast<Alert*>(alert);
}

int alert_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &release);
    return index;
}

void on_alert(const SSL* session, int where, int value) {
    constexpr int level = 8;  // bits above the description
    const bool fatal = (where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> level == SSL3_AL_FATAL;
    auto* const alert = static_cast<Alert*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), alert_index()));
    if (fatal && alert != nullptr) {
        **alert = value & 0xff;
    }
}

}  // namespace

void AlertWatch::watch(CURL* easy) {
    // A libcurl on another TLS library refuses, and then tells what it can by itself.
    static_cast<void>(curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &AlertWatch::on_context));
    static_cast<void>(curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this)));
}

CURLcode AlertWatch::on_context(CURL* /*easy*/, void* context, void* self) {
    auto* const made = static_cast<SSL_CTX*>(context);
    auto alert = std::make_unique<Alert>(static_cast<AlertWatch*>(self)->alert_);
    if (SSL_CTX_set_ex_data(made, alert_index(), alert.get()) == 1) {
        static_cast<void>(alert.release());  // the context's now
        SSL_CTX_set_info_callback(made, &on_alert);
    }
    return CURLE_OK;
}

void AlertWatch::look(CURL* easy) const {
    const curl_tlssessioninfo* info = nullptr;
    curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info);
    if (info != nullptr && info->backend == CURLSSLBACKEND_OPENSSL && info->internals != nullptr) {
        char byte = 0;
        static_cast<void>(SSL_peek(static_cast<SSL*>(info->internals), &byte, 1));
        ERR_clear_error();
    }
}

std::string_view AlertWatch::certificate_fault() const {
    static constexpr std::array<std::pair<int, std::string_view>, 10> faults{
        {{SSL_AD_HANDSHAKE_FAILURE, "handshake failure"},
         {SSL_AD_BAD_CERTIFICATE, "bad certificate"},
         {SSL_AD_UNSUPPORTED_CERTIFICATE, "unsupported certificate"},
         {SSL_AD_CERTIFICATE_REVOKED, "certificate revoked"},
         {SSL_AD_CERTIFICATE_EXPIRED, "certificate expired"},
         {SSL_AD_CERTIFICATE_UNKNOWN, "certificate unknown"},
         {SSL_AD_UNKNOWN_CA, "unknown authority"},
         {SSL_AD_ACCESS_DENIED, "access denied"},
         {SSL_AD_DECRYPT_ERROR, "its signature is wrong"},
         {SSL_AD_CERTIFICATE_REQUIRED, "certificate required"}}};
    const auto* const found =
        std::find_if(faults.begin(), faults.end(), [&](const auto& fault) { return fault.first == *alert_; });
    return found == faults.end() ? std::string_view() : found->second;
}

}  // namespace hail::net
