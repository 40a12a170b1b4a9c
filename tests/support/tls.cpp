#include "tests/support/tls.h"

#include <csignal>
#include <memory>
#include <stdexcept>

#include "lib/base/owned.h"

#include <openssl/ssl.h>

namespace hail::support {

namespace {

using Context = base::Owned<SSL_CTX, SSL_CTX_free>;
using Session = base::Owned<SSL, SSL_free>;

void check(bool agreed) {
    if (!agreed) {
        throw std::runtime_error("the client did not agree on TLS");
    }
}

// Picks the protocol of the script, whatever the client prefers.
int choose(SSL* /*session*/, const unsigned char** chosen, unsigned char* length,
           const unsigned char* offered, unsigned int offered_length, void* wanted) {
    const auto& protocol = *static_cast<const std::string*>(wanted);
    const std::string list = static_cast<char>(protocol.size()) + protocol;
    const std::string_view offers(reinterpret_cast<const char*>(offered), offered_length);
    const std::size_t at = offers.find(list);
    if (at == offers.npos) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *chosen = offered + at + 1;
    *length = static_cast<unsigned char>(protocol.size());
    return SSL_TLSEXT_ERR_OK;
}

// What the server demands of its clients.
struct Terms {
    int newest = 0;                 // version of TLS; 0: any
    const char* ciphers = nullptr;  // up to TLS 1.2; null: the usual ones
    bool certificate = false;       // signed by the authority
};

class TlsLayer : public Layer {
  public:
    TlsLayer(const Certificates& certificates, std::string protocol, int socket, const Terms& terms = {})
        : protocol_(std::move(protocol)), context_(SSL_CTX_new(TLS_server_method())) {
        check(SSL_CTX_use_certificate_file(context_.get(), certificates.server.c_str(), SSL_FILETYPE_PEM) ==
              1);
        check(SSL_CTX_use_PrivateKey_file(context_.get(), certificates.server_key.c_str(),
                                          SSL_FILETYPE_PEM) == 1);
        if (terms.certificate) {
            SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
            check(SSL_CTX_load_verify_locations(context_.get(), certificates.ca.c_str(), nullptr) == 1);
        }
        check(SSL_CTX_set_max_proto_version(context_.get(), terms.newest) == 1);
        check(terms.ciphers == nullptr || SSL_CTX_set_cipher_list(context_.get(), terms.ciphers) == 1);
        SSL_CTX_set_alpn_select_cb(context_.get(), choose, &protocol_);
        session_.reset(SSL_new(context_.get()));
        check(SSL_set_fd(session_.get(), socket) == 1 && SSL_accept(session_.get()) == 1);
    }

    void send(std::string_view bytes) override {
        check(bytes.empty() || SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0);
    }
    std::size_t receive(std::span<char> into) override {
        const int count = SSL_read(session_.get(), into.data(), static_cast<int>(into.size()));
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    bool has_more() const override { return SSL_pending(session_.get()) > 0; }
    void send_close_notify() override { SSL_shutdown(session_.get()); }

  private:
    std::string protocol_;
    Context context_;
    Session session_;
};

// OpenSSL may write to a socket whose reader has gone; SIGPIPE would end the whole test.
void keep_from_sigpipe() {
    sigset_t pipe{};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

Step tls(const Certificates& certificates, const std::string& protocol) {
    return [certificates, protocol](Connection& connection) {
        keep_from_sigpipe();
        connection.put_on(std::make_unique<TlsLayer>(certificates, protocol, connection.socket()));
    };
}

// A handshake that the client or the server ends.
static Step broken_handshake(const Certificates& certificates, const Terms& terms) {
    return [certificates, terms](Connection& connection) {
        keep_from_sigpipe();
        try {
            const TlsLayer agreed(certificates, "http/1.1", connection.socket(), terms);
        } catch (const std::runtime_error&) {
            connection.close();
        }
    };
}

Step tls_without_certificate(const Certificates& certificates) {
    return broken_handshake(certificates, {.certificate = true});
}

Step tls_1_2_without_certificate(const Certificates& certificates) {
    return broken_handshake(certificates, {.newest = TLS1_2_VERSION, .certificate = true});
}

Step tls_of_version_1_2(const Certificates& certificates) {
    return broken_handshake(certificates, {.newest = TLS1_2_VERSION});
}

Step tls_without_shared_cipher(const Certificates& certificates) {
    return broken_handshake(certificates, {.newest = TLS1_2_VERSION, .ciphers = "aRSA"});
}

Step tls_refused(const Certificates& certificates) {
    return broken_handshake(certificates, {});
}

}  // namespace hail::support
