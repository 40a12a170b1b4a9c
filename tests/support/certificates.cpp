#include "tests/support/certificates.h"

#include <cstdio>
#include <stdexcept>
#include <string>

#include "lib/base/owned.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace hail::support {

namespace {

constexpr const char* script = R"(
exec 2>&1
set -e
cd "$DIRECTORY"
new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -batch "$@"; }
for authority in ca other-ca; do
    new -keyout $authority.key -out $authority.pem -subj "/CN=hail test $authority"
done
leaf() {
    name=$1 subject=$2; shift 2
    new -keyout $name.key -out $name.pem -subj "/CN=$subject" -CA ca.pem -CAkey ca.key \
        -addext basicConstraints=critical,CA:FALSE "$@"
}
leaf server localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
leaf wrong wrong.example -addext subjectAltName=DNS:wrong.example
leaf client client
)";

}  // namespace

Certificates make_certificates(const std::filesystem::path& directory) {
    const std::string command = "DIRECTORY='" + directory.string() + "'\n" + script;
    FILE* const shell =
        ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): the test writes the whole text
    if (shell == nullptr) {
        throw std::runtime_error("cannot start a shell");
    }
    std::string said;
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) {
        said += static_cast<char>(c);
    }
    if (::pclose(shell) != 0) {
        throw std::runtime_error("making certificates: " + said);
    }
    return certificates_in(directory);
}

Certificates certificates_in(const std::filesystem::path& directory) {
    const auto at = [&](const char* name) { return directory / name; };
    return {at("ca.pem"),    at("ca.key"),     at("server.pem"), at("server.key"),  at("wrong.pem"),
            at("wrong.key"), at("client.pem"), at("client.key"), at("other-ca.pem")};
}

// openssl(1) up to 3.3 refuses to make one with an end before its beginning.
Certificates with_expired_server(const Certificates& made) {
    using File = base::Owned<BIO, BIO_free_all>;
    const File old_file(BIO_new_file(made.server.c_str(), "r"));
    const File key_file(BIO_new_file(made.ca_key.c_str(), "r"));
    const base::Owned<X509, X509_free> certificate(
        PEM_read_bio_X509(old_file.get(), nullptr, nullptr, nullptr));
    const base::Owned<EVP_PKEY, EVP_PKEY_free> key(
        PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
    constexpr long hour = 3'600;
    Certificates result = made;
    result.server = made.server.parent_path() / "old.pem";
    const File new_file(BIO_new_file(result.server.c_str(), "w"));
    if (X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * hour) == nullptr ||
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), -hour) == nullptr ||
        X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 ||
        PEM_write_bio_X509(new_file.get(), certificate.get()) == 0) {
        throw std::runtime_error("cannot make a certificate that has expired");
    }
    return result;
}

}  // namespace hail::support
