#include "tests/support/certificates.h"

#include <cstdio>
#include <stdexcept>
#include <string>

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

}  // namespace hail::support
