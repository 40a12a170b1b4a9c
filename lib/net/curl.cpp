#include "lib/net/curl.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <clocale>
#include <new>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

// libcurl loads GnuTLS for librtmp, which hail never uses, and GnuTLS initialises itself as soon as it is
// loaded. GnuTLS skips that if this function returns 1: measured, a start takes 0.8 M fewer instructions, a
// third of the static build's. A program that does use GnuTLS calls gnutls_global_init(), as libcurl does if
// that is its TLS library.
//
// Source:  GNUTLS_SKIP_GLOBAL_INIT in <gnutls/gnutls.h>.
// NOLINTBEGIN(bugprone-reserved-identifier): the name is GnuTLS's
extern "C" int _gnutls_global_init_skip();
extern "C" int _gnutls_global_init_skip() {
    return 1;
}
// NOLINTEND(bugprone-reserved-identifier)

namespace hail::net {

using base::Exit;

std::string route(const ConnectOptions& options) {
    std::string text = options.proxy.value_or("-") + "\n" + options.no_proxy.value_or("-") + "\n" +
                       options.unix_socket + "\n" + options.tls.cert + "\n";
    for (const auto* const list : {&options.resolve, &options.connect_to}) {
        for (const std::string& one : *list) {
            text += one + "\n";
        }
        text += "\n";
    }
    return text;
}

Easy make_easy() {
    Easy easy(curl_easy_init());
    if (!easy) {
        throw std::bad_alloc();
    }
    return easy;
}

Multi make_multi() {
    Multi multi(curl_multi_init());
    if (!multi) {
        throw std::bad_alloc();
    }
    return multi;
}

void init_openssl_without_config() {
    // The first call decides. It fails only if memory runs out, which shows soon enough.
    static_cast<void>(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr));
}

void set_utf8_locale_for(std::string_view url) {
    const bool ascii =
        std::all_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
    if (!ascii) {
        std::setlocale(LC_CTYPE, "C.UTF-8");
    }
}

void append(List& list, const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    static_cast<void>(list.release());  // the head is the same, or this was the first line
    list.reset(longer);
}

void check(CURLcode code, CURLoption option) {
    if (code == CURLE_OK) {
        return;
    }
    if (code == CURLE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    const curl_easyoption* const known = curl_easy_option_by_id(option);
    const std::string name = known != nullptr ? known->name : std::to_string(option);
    throw base::Error(Exit::usage, "setting libcurl's " + name + ": " + curl_easy_strerror(code),
                      std::string("the libcurl in use is ") + curl_version_info(CURLVERSION_NOW)->version);
}

namespace {

long curl_version_of(TlsVersion version) {
    switch (version) {
        case TlsVersion::any:
            return CURL_SSLVERSION_DEFAULT;
        case TlsVersion::v1_0:
            return CURL_SSLVERSION_TLSv1_0;
        case TlsVersion::v1_1:
            return CURL_SSLVERSION_TLSv1_1;
        case TlsVersion::v1_2:
            return CURL_SSLVERSION_TLSv1_2;
        case TlsVersion::v1_3:
            return CURL_SSLVERSION_TLSv1_3;
    }
    return CURL_SSLVERSION_DEFAULT;
}

// To libcurl, 0 means its own default, so the shortest limit is one millisecond.
long limit(base::Milliseconds duration) {
    return std::max<long>(1, duration.count());
}

void apply_limits(CURL* easy, const ConnectOptions& options) {
    // libcurl's default is 300 s; a limit that was switched off becomes a month.
    constexpr base::Milliseconds month(30LL * 24 * 3600 * 1000);
    const base::Milliseconds most = options.connect_timeout.value_or(month);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, limit(std::min(most, month)));
    if (options.timeout) {
        set(easy, CURLOPT_TIMEOUT_MS, limit(*options.timeout));
    }
}

void apply_tls(CURL* easy, const TlsOptions& tls) {
    // Only the authorities in the given file or directory are trusted, so libcurl's built-in default for the
    // other kind is switched off.
    if (!tls.cacert.empty()) {
        set(easy, CURLOPT_CAINFO, tls.cacert.c_str());
        set(easy, CURLOPT_CAPATH, tls.capath.empty() ? nullptr : tls.capath.c_str());
    } else if (!tls.capath.empty()) {
        set(easy, CURLOPT_CAPATH, tls.capath.c_str());
        set(easy, CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    }
    if (!tls.cert.empty()) {
        set(easy, CURLOPT_SSLCERT, tls.cert.c_str());
        // An empty one too: else OpenSSL asks for it, on stdin if need be.
        set(easy, CURLOPT_KEYPASSWD, tls.key_password.c_str());
    }
    if (!tls.key.empty()) {
        set(easy, CURLOPT_SSLKEY, tls.key.c_str());
    }
    set(easy, CURLOPT_SSLVERSION, curl_version_of(tls.min_version));
    if (tls.insecure) {
        set(easy, CURLOPT_SSL_VERIFYPEER, 0);
        set(easy, CURLOPT_SSL_VERIFYHOST, 0);
    }
}

List list_of(const std::vector<std::string>& lines) {
    List list;
    for (const auto& line : lines) {
        append(list, line);
    }
    return list;
}

}  // namespace

Connector::Connector(const ConnectOptions& options)
    : options_(options), resolve_(list_of(options.resolve)), connect_to_(list_of(options.connect_to)) {}

void Connector::apply(CURL* easy) const {
    set(easy, CURLOPT_NOSIGNAL, 1);    // no SIGALRM in name resolution; SIGPIPE is ignored by the process
    set(easy, CURLOPT_QUICK_EXIT, 1);  // do not wait for a hanging resolver thread when the handle is freed
    apply_limits(easy, options_);
    apply_tls(easy, options_.tls);
    if (options_.proxy) {
        set(easy, CURLOPT_PROXY, options_.proxy->c_str());
    }
    if (options_.no_proxy) {
        set(easy, CURLOPT_NOPROXY, options_.no_proxy->c_str());
    }
    if (resolve_) {
        set(easy, CURLOPT_RESOLVE, resolve_.get());
    }
    if (connect_to_) {
        set(easy, CURLOPT_CONNECT_TO, connect_to_.get());
    }
    if (options_.ip_version != IpVersion::any) {
        const bool four = options_.ip_version == IpVersion::v4;
        set(easy, CURLOPT_IPRESOLVE, four ? CURL_IPRESOLVE_V4 : CURL_IPRESOLVE_V6);
    }
    if (!options_.interface.empty()) {
        set(easy, CURLOPT_INTERFACE, options_.interface.c_str());
    }
    if (!options_.unix_socket.empty()) {
        set(easy, CURLOPT_UNIX_SOCKET_PATH, options_.unix_socket.c_str());
    }
}

std::vector<std::string> library_versions() {
    const curl_version_info_data* const info = curl_version_info(CURLVERSION_NOW);
    std::vector<std::string> versions{std::string("libcurl ") + info->version};
    const auto add = [&](const char* name, const char* version) {
        if (version != nullptr) {
            versions.push_back(std::string(name) + version);
        }
    };
    if (info->ssl_version != nullptr) {
        std::string ssl = info->ssl_version;  // "OpenSSL/3.0.17"
        std::replace(ssl.begin(), ssl.end(), '/', ' ');
        versions.push_back(std::move(ssl));
    }
    add("zlib ", info->libz_version);
    add("nghttp2 ", info->nghttp2_version);
    return versions;
}

}  // namespace hail::net
