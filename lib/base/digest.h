// Hashes of bytes that come in pieces.
//
// Shape:   hexadecimal in lower case.
// Throws:  Error(usage) if the system's policy forbids the algorithm (MD5 under FIPS).
// Source:  libcrypto's EVP, which libcurl loads anyway.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hail::base {

class Digest {
  public:
    enum class Kind { md5, sha256, sha512_256 };

    explicit Digest(Kind kind);
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::string_view bytes);
    std::string hex();  // ends the digest: call once

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The bytes of HMAC-SHA-256. Source: RFC 2104.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

std::string hex_digest(Digest::Kind kind, std::string_view bytes);

}  // namespace hail::base
