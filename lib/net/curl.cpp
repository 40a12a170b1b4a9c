#include "lib/net/curl.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <new>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/net/host.h"

// libcurl brings GnuTLS along for librtmp, which hail never uses, and GnuTLS sets itself up as soon as it is loaded.
// Its own way out is this function: measured, it spares 0.8 M instructions of a start, a third of the static build's.
// Whoever does use GnuTLS calls gnutls_global_init(), as libcurl does where that is its TLS library.
// Source: GNUTLS_SKIP_GLOBAL_INIT in <gnutls/gnutls.h>.
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

void expect_no_tls() {
    // The first call decides; it can only fail for want of memory, which shows soon enough.
    static_cast<void>(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr));
}

void read_names_as_utf8(std::string_view url) {
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

// libcurl takes 0 for "its own default", so the shortest limit is one millisecond.
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
    // Whoever names an authority trusts that one alone, so libcurl's built-in place of the other kind is
    // switched off.
    if (!tls.cacert.empty()) {
        set(easy, CURLOPT_CAINFO, tls.cacert.c_str());
        set(easy, CURLOPT_CAPATH, tls.capath.empty() ? nullptr : tls.capath.c_str());
    } else if (!tls.capath.empty()) {
        set(easy, CURLOPT_CAPATH, tls.capath.c_str());
        set(easy, CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    }
    if (!tls.cert.empty()) {
        set(easy, CURLOPT_SSLCERT, tls.cert.c_str());
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
    set(easy, CURLOPT_QUICK_EXIT, 1);  // do not wait for a resolver thread that hangs when the handle goes
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

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string words(const Trouble& trouble) {
    std::string_view text = trouble.detail.empty() ? curl_easy_strerror(trouble.code) : trouble.detail;
    for (const std::string_view preface : {"Recv failure: ", "Send failure: "}) {
        text.remove_prefix(text.starts_with(preface) ? preface.size() : 0);
    }
    return base::one_line(text);
}

// A lost connection counts as unreachable as long as nothing of the request was out.
Exit lost(Stage stage) {
    return stage == Stage::connecting ? Exit::unreachable : Exit::unknown;
}

Failure timed_out(Stage stage) {
    switch (stage) {
        case Stage::connecting:
            return {Exit::timed_out, "timed out while connecting, nothing was sent",
                    "allow more with --connect-timeout"};
        case Stage::sending:
            return {Exit::timed_out, "timed out while sending the request", {}};
        case Stage::waiting:
            return {Exit::timed_out, "timed out waiting for the reply, the request had gone out",
                    "allow more with --timeout"};
        case Stage::reading:
            break;
    }
    return {Exit::timed_out, "timed out in the middle of the reply", "allow more with --timeout"};
}

// Whom libcurl tried last, the proxy if there is one: "Failed to connect to HOST port N after 3 ms: ...".
std::string tried_peer(std::string_view detail) {
    constexpr std::string_view before = "Failed to connect to ";
    constexpr std::string_view between = " port ";
    const auto middle = detail.find(between);
    const auto end = detail.find(' ', middle + between.size());
    if (!detail.starts_with(before) || middle == detail.npos || end == detail.npos) {
        return "that address";
    }
    const std::string host(detail.substr(before.size(), middle - before.size()));
    return bracketed(host) + ":" +
           std::string(detail.substr(middle + between.size(), end - middle - between.size()));
}

Failure refused_connection(const Trouble& trouble) {
    const std::string why =
        trouble.os_error != 0 ? std::generic_category().message(trouble.os_error) : words(trouble);
    const bool refused = trouble.os_error == ECONNREFUSED;
    if (!trouble.unix_socket.empty()) {
        const bool missing = trouble.os_error == ENOENT;
        return {Exit::unreachable,
                "cannot connect to the socket " + base::one_line(trouble.unix_socket) + ": " + why,
                missing   ? "is the service running, and is this the path of its socket?"
                : refused ? "the socket is there, but nobody listens on it"
                          : ""};
    }
    return {Exit::unreachable, "cannot connect: " + why,
            refused ? "is something listening at " + base::one_line(tried_peer(trouble.detail)) + "?" : ""};
}

Failure bad_certificate(const Trouble& trouble) {
    const bool key = has(trouble.detail, "private key") && !has(trouble.detail, "does not match");
    return {Exit::no_input, "the client certificate or its key cannot be used: " + words(trouble),
            key ? "--key FILE names the key, unless it stands in the file of --cert"
                : "--cert and --key take PEM files that belong together"};
}

Failure tls_failure(const Trouble& trouble) {
    const std::string why = "the TLS handshake failed: " + words(trouble);
    if (has(trouble.detail, "wrong version number") || has(trouble.detail, "packet length too long")) {
        return {Exit::unreachable, why, "this port does not seem to speak TLS: try the scheme without the s",
                true};
    }
    return {Exit::unreachable, why, {}, true};
}

// TLS 1.3 tells of a certificate that is missing or not accepted only at the first read, when libcurl already
// counts the request as sent; but a server that sends this alert has not looked at it.
bool certificate_alert(std::string_view detail) {
    return has(detail, "alert certificate required") || has(detail, "alert bad certificate") ||
           has(detail, "alert unknown ca") || has(detail, "alert handshake failure") ||
           has(detail, "alert certificate unknown") || has(detail, "alert certificate expired");
}

Failure broken_connection(const Trouble& trouble) {
    if (certificate_alert(trouble.detail)) {
        return {Exit::unreachable, "the server wants a client certificate that it accepts: " + words(trouble),
                "give one with --cert FILE and --key FILE", true};
    }
    if (trouble.stage == Stage::connecting && trouble.connect_status >= 300) {
        return {Exit::unreachable,
                "the proxy refused the tunnel with status " + std::to_string(trouble.connect_status),
                trouble.connect_status == 407 ? "give its user and password in --proxy" : "",
                trouble.connect_status < 500};
    }
    if (has(trouble.detail, "in chunked-encoding")) {
        return {Exit::bad_reply, "the reply breaks HTTP: " + words(trouble), {}};
    }
    static constexpr std::array<std::string_view, 4> when{
        "while connecting", "while the request was being sent", "after the request was sent",
        "in the middle of the reply"};
    const std::string_view where = when.at(static_cast<std::size_t>(trouble.stage));
    return {lost(trouble.stage), "the connection broke " + std::string(where) + ": " + words(trouble), {}};
}

Failure not_http(const Trouble& trouble) {
    if (has(trouble.detail, "HTTP/0.9")) {
        return {Exit::bad_reply, "the answer is not HTTP/1",
                "another protocol speaks on this port: perhaps https, or not HTTP at all"};
    }
    return {trouble.stage == Stage::connecting ? Exit::usage : Exit::bad_reply, words(trouble), {}};
}

}  // namespace

Failure explain(const Trouble& trouble) {
    switch (trouble.code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
            return not_http(trouble);
        case CURLE_URL_MALFORMAT:
            return {Exit::usage, "not a usable URL: " + words(trouble), {}};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {Exit::unreachable, "the proxy's name cannot be resolved", {}};
        case CURLE_COULDNT_RESOLVE_HOST:
            return {Exit::unreachable, "the host's name cannot be resolved",
                    "--resolve HOST:PORT:ADDRESS gives it one"};
        case CURLE_COULDNT_CONNECT:
            return refused_connection(trouble);
        case CURLE_PROXY:
            return {Exit::unreachable, "the proxy does not connect: " + words(trouble), {}};
        case CURLE_INTERFACE_FAILED:
            return {Exit::unreachable, "the interface cannot be used: " + words(trouble), {}, true};
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(trouble.stage);
        case CURLE_SSL_CONNECT_ERROR:
            return certificate_alert(trouble.detail) ? broken_connection(trouble) : tls_failure(trouble);
        case CURLE_PEER_FAILED_VERIFICATION:
            return {Exit::unreachable, "the server's certificate is not accepted: " + words(trouble),
                    "trust its authority with --cacert FILE, or check nothing with --insecure", true};
        case CURLE_SSL_CERTPROBLEM:
            return bad_certificate(trouble);
        case CURLE_SSL_CACERT_BADFILE:
            return {Exit::no_input, "the file of authorities cannot be read: " + words(trouble),
                    "--cacert takes a file of certificates in PEM"};
        case CURLE_SSL_CIPHER:
        case CURLE_USE_SSL_FAILED:
            return tls_failure(trouble);
        case CURLE_GOT_NOTHING:
            return {Exit::unknown, "the server closed the connection without an answer", {}};
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return broken_connection(trouble);
        case CURLE_PARTIAL_FILE:
            return {Exit::unknown, "the reply was cut: " + words(trouble), {}};
        case CURLE_OUT_OF_MEMORY:  // what libcurl says of a header line beyond 100 KiB
            return trouble.stage == Stage::reading
                       ? Failure{Exit::bad_reply, "the reply's head is too large", {}}
                       : Failure{lost(trouble.stage), words(trouble), {}};
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return {lost(trouble.stage), "the HTTP/2 stream broke: " + words(trouble), {}};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_FILESIZE_EXCEEDED:
        case CURLE_BAD_CONTENT_ENCODING:
            return {Exit::bad_reply, "the reply breaks HTTP: " + words(trouble), {}};
        default:
            return {lost(trouble.stage), words(trouble), {}};
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

unsigned curl_version_number() {
    return curl_version_info(CURLVERSION_NOW)->version_num;
}

}  // namespace hail::net
