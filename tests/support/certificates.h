// Certificates for one test run, made by openssl(1) in a directory that the caller owns.
//
// Shape:   PEM files, P-256 keys, valid for two days: ca.pem; server.pem (localhost, 127.0.0.1, ::1);
//          wrong.pem (wrong.example); client.pem, signed by the same authority; other-ca.pem, an authority
//          that signs nothing. The key of x.pem is x.key.
// Throws:  runtime_error with the output of openssl.

#pragma once

#include <filesystem>

namespace hail::support {

struct Certificates {
    std::filesystem::path ca, ca_key;
    std::filesystem::path server, server_key;
    std::filesystem::path wrong_name, wrong_name_key;
    std::filesystem::path client, client_key;
    std::filesystem::path other_ca;
};

Certificates make_certificates(const std::filesystem::path& directory);

// Those that were made there before.
Certificates certificates_in(const std::filesystem::path& directory);

// The same, with a certificate of the server, old.pem beside it, that expired an hour ago.
Certificates with_expired_server(const Certificates& made);

}  // namespace hail::support
