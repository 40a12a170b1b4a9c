#include "lib/base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/base/text.h"

namespace hail::base {

namespace {

const EVP_MD* algorithm(Digest::Kind kind) {
    switch (kind) {
        case Digest::Kind::md5:
            return EVP_md5();
        case Digest::Kind::sha256:
            return EVP_sha256();
        case Digest::Kind::sha512_256:
            break;
    }
    return EVP_sha512_256();
}

void check(int success) {
    if (success != 1) {
        throw Error(Exit::usage, "hashing: libcrypto does not allow this algorithm on this system");
    }
}

}  // namespace

struct Digest::State {
    Owned<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

Digest::Digest(Kind kind) : state_(std::make_unique<State>()) {
    check(EVP_DigestInit_ex(state_->context.get(), algorithm(kind), nullptr));
}

Digest::~Digest() = default;

void Digest::add(std::string_view bytes) {
    check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

std::string Digest::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    check(EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &length));
    std::string out;
    for (unsigned i = 0; i < length; ++i) {
        append_hex(out, static_cast<char>(bytes[i]));
    }
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned length = 0;
    const bool made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), code.data(),
                           &length) != nullptr;
    check(made ? 1 : 0);
    return {reinterpret_cast<const char*>(code.data()), length};
}

std::string hex_digest(Digest::Kind kind, std::string_view bytes) {
    Digest digest(kind);
    digest.add(bytes);
    return digest.hex();
}

}  // namespace hail::base
