#include "lib/net/client_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "lib/base/owned.h"

namespace hail::net {

namespace {

using Bio = base::Owned<BIO, BIO_free_all>;
using Key = base::Owned<EVP_PKEY, EVP_PKEY_free>;

struct Question {
    const std::string& password;
    bool asked = false;
};

int give_password(char* into, int size, int /*writing*/, void* data) {
    auto& question = *static_cast<Question*>(data);
    question.asked = true;
    const std::string& password = question.password;
    if (password.empty() || password.size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::copy(password.begin(), password.end(), into);
    return static_cast<int>(password.size());
}

bool is_regular(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

KeyState key_state(const TlsOptions& tls) {
    const std::string& path = tls.key.empty() ? tls.cert : tls.key;
    if (path.empty() || !is_regular(path)) {
        return KeyState::ready;
    }
    Question question{tls.key_password};
    const Bio file(BIO_new_file(path.c_str(), "r"));
    const Key key(file ? PEM_read_bio_PrivateKey(file.get(), nullptr, give_password, &question) : nullptr);
    ERR_clear_error();
    if (key || !question.asked) {
        return KeyState::ready;
    }
    return tls.key_password.empty() ? KeyState::needs_password : KeyState::wrong_password;
}

}  // namespace hail::net
