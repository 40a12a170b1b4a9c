#include "lib/net/alert_watch.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/owned.h"

namespace hail::net {

using Certificate = base::Owned<X509, X509_free>;
using GeneralNames = base::Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

struct TlsFacts {
    int alert = 0;                   // its number; 0 before one came
    bool wants_certificate = false;  // the server asked for the client's
    bool judges_later = false;       // it judges that only after the handshake, as TLS 1.3 does
    Certificate certificate;
};

namespace {

using Facts = std::shared_ptr<TlsFacts>;

void release(void* /*context*/, void* facts, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*argument*/,
             void* /*pointer*/) {
    delete static_cast<Facts*>(facts);
}

int facts_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &release);
    return index;
}

void on_event(const SSL* session, int where, int value) {
    constexpr int level = 8;  // bits above the description
    auto* const facts = static_cast<Facts*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), facts_index()));
    if (facts == nullptr) {
        return;
    }
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> level == SSL3_AL_FATAL) {
        (*facts)->alert = value & 0xff;
    }
    (*facts)->wants_certificate = (*facts)->wants_certificate || SSL_get_state(session) == TLS_ST_CR_CERT_REQ;
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
        (*facts)->judges_later = (*facts)->wants_certificate && SSL_version(session) >= TLS1_3_VERSION;
        (*facts)->certificate.reset(SSL_get1_peer_certificate(session));
    }
}

std::string text_of(const ASN1_STRING* string) {
    const auto length = static_cast<std::size_t>(ASN1_STRING_length(string));
    const unsigned char* const bytes = ASN1_STRING_get0_data(string);
    return {bytes, bytes + length};
}

std::string address_of(const std::string& bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = bytes.size() == 4 ? AF_INET : bytes.size() == 16 ? AF_INET6 : AF_UNSPEC;
    return family != AF_UNSPEC && ::inet_ntop(family, bytes.data(), text.data(), text.size()) != nullptr
               ? text.data()
               : "";
}

std::string subject_name(X509* certificate) {
    X509_NAME* const subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    return at < 0 ? "" : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

}  // namespace

AlertWatch::AlertWatch() : facts_(std::make_shared<TlsFacts>()) {}

void AlertWatch::forget() {
    if (facts_.use_count() == 1) {
        *facts_ = {};
    } else {  // a connection that is kept goes on writing into those
        facts_ = std::make_shared<TlsFacts>();
    }
}

void AlertWatch::watch(CURL* easy) {
    // A libcurl on another TLS library refuses, and then tells what it can by itself.
    static_cast<void>(curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &AlertWatch::on_context));
    static_cast<void>(curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this)));
}

CURLcode AlertWatch::on_context(CURL* /*easy*/, void* context, void* self) {
    auto* const made = static_cast<SSL_CTX*>(context);
    auto facts = std::make_unique<Facts>(static_cast<AlertWatch*>(self)->facts_);
    if (SSL_CTX_set_ex_data(made, facts_index(), facts.get()) == 1) {
        static_cast<void>(facts.release());  // the context's now
        SSL_CTX_set_info_callback(made, &on_event);
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

void AlertWatch::wait(CURL* easy, curl_socket_t socket) const {
    constexpr int patience = 300;  // milliseconds
    pollfd judgement{socket, POLLIN, 0};
    if (facts_->judges_later && ::poll(&judgement, 1, patience) > 0) {
        look(easy);
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
    if (facts_->alert == SSL_AD_HANDSHAKE_FAILURE && !facts_->wants_certificate) {
        return {};  // it says so too when it shares no cipher with the client
    }
    const auto* const found = std::find_if(faults.begin(), faults.end(),
                                           [&](const auto& fault) { return fault.first == facts_->alert; });
    return found == faults.end() ? std::string_view() : found->second;
}

std::vector<std::string> AlertWatch::certificate_names() const {
    std::vector<std::string> names;
    X509* const certificate = facts_->certificate.get();
    if (certificate == nullptr) {
        return names;
    }
    const GeneralNames others(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; others && i < sk_GENERAL_NAME_num(others.get()); ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(others.get(), i);
        if (name->type == GEN_DNS) {
            names.push_back(text_of(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            names.push_back(address_of(text_of(name->d.iPAddress)));
        }
    }
    if (names.empty()) {
        names.push_back(subject_name(certificate));
    }
    names.erase(std::remove(names.begin(), names.end(), ""), names.end());
    return names;
}

}  // namespace hail::net
