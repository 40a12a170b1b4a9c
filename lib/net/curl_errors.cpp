#include "lib/net/curl_errors.h"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "lib/net/tls_errors.h"

namespace hail::net {

using base::Exit;

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string words(const CurlError& error) {
    std::string_view text = error.detail.empty() ? curl_easy_strerror(error.code) : error.detail;
    for (const std::string_view preface : {"Recv failure: ", "Send failure: "}) {
        text.remove_prefix(text.starts_with(preface) ? preface.size() : 0);
    }
    return base::one_line(text);
}

// A lost connection counts as unreachable as long as nothing of the request was sent.
Exit lost(Stage stage) {
    return stage == Stage::connecting ? Exit::unreachable : Exit::unknown;
}

Failure timed_out(Stage stage) {
    switch (stage) {
        case Stage::connecting:
            return {Exit::timed_out, "timed out while connecting, nothing was sent",
                    "allow more time with --connect-timeout"};
        case Stage::sending:
            return {Exit::timed_out, "timed out while sending the request", {}};
        case Stage::waiting:
            return {Exit::timed_out, "timed out waiting for the reply after the request was sent",
                    "allow more time with --timeout"};
        case Stage::reading:
            break;
    }
    return {Exit::timed_out, "timed out in the middle of the reply", "allow more time with --timeout"};
}

Failure refused_connection(const CurlError& error) {
    const std::string why =
        error.os_error != 0 ? std::generic_category().message(error.os_error) : words(error);
    const bool refused = error.os_error == ECONNREFUSED;
    if (!error.unix_socket.empty()) {
        const bool missing = error.os_error == ENOENT;
        return {Exit::unreachable,
                "cannot connect to the socket " + base::one_line(error.unix_socket) + ": " + why,
                missing   ? "is the service running, and is this the path of its socket?"
                : refused ? "the socket exists, but nothing is listening on it"
                          : ""};
    }
    if (!error.proxy.empty()) {
        return {Exit::unreachable, "cannot connect to the proxy " + base::one_line(error.proxy) + ": " + why,
                refused ? "is a proxy listening there? --proxy '' goes without one" : ""};
    }
    const std::string peer = error.peer.empty() ? "that address" : base::one_line(error.peer);
    return {Exit::unreachable, "cannot connect: " + why,
            refused ? "is something listening at " + peer + "?" : ""};
}

Failure bad_certificate(const CurlError& error) {
    const bool key = has(error.detail, "private key") && !has(error.detail, "does not match");
    return {Exit::no_input, "the client certificate or its key cannot be used: " + words(error),
            key ? "name the key with --key FILE, unless the file of --cert contains it"
                : "give PEM files that belong together with --cert and --key"};
}

// TLS 1.3 reports a missing or rejected certificate only at the first read, when libcurl already counts the
// request as sent; but a server that sends this alert has not looked at the request.
bool certificate_alert(std::string_view detail) {
    return has(detail, "alert certificate required") || has(detail, "alert bad certificate") ||
           has(detail, "alert unknown ca") || has(detail, "alert certificate unknown") ||
           has(detail, "alert certificate expired");
}

Failure refused_tunnel(const CurlError& error) {
    static constexpr std::array<std::pair<unsigned long, std::string_view>, 4> known{
        {{CURLAUTH_BASIC, "Basic"},
         {CURLAUTH_DIGEST, "Digest"},
         {CURLAUTH_NTLM, "NTLM"},
         {CURLAUTH_NEGOTIATE, "Negotiate"}}};
    std::vector<std::string_view> logins;
    for (const auto& [bit, name] : known) {
        if ((static_cast<unsigned long>(error.proxy_logins) & bit) != 0) {
            logins.push_back(name);
        }
    }
    const std::string wanted = logins.empty() ? "" : "it asks for " + base::join(logins, ", ") + ": ";
    return {Exit::unreachable,
            "the proxy refused the tunnel with status " + std::to_string(error.connect_status),
            error.connect_status == 407
                ? wanted + "give its user and password with --proxy USER:PASSWORD@HOST:PORT"
                : "",
            error.connect_status < 500};
}

Failure broken_connection(const CurlError& error) {
    if (certificate_alert(error.detail)) {
        return certificate_refused(words(error));
    }
    if (has(error.detail, "chunk")) {  // the words of its parser differ between versions of libcurl
        return {Exit::bad_reply, "the reply breaks HTTP: " + words(error), {}};
    }
    static constexpr std::array<std::string_view, 4> when{
        "while connecting", "while the request was being sent", "after the request was sent",
        "in the middle of the reply"};
    const bool both = error.stage == Stage::reading && !error.request_is_out;
    const std::string_view where = both ? "in the middle of the reply, before all of the request was sent"
                                        : when.at(static_cast<std::size_t>(error.stage));
    return {lost(error.stage), "the connection broke " + std::string(where) + ": " + words(error), {}};
}

Failure not_http(const CurlError& error) {
    if (has(error.detail, "HTTP/0.9")) {
        return {Exit::bad_reply, "the answer is not HTTP/1",
                "this port speaks another protocol: perhaps https, or not HTTP at all"};
    }
    return {error.stage == Stage::connecting ? Exit::usage : Exit::bad_reply, words(error), {}};
}

// When an error of libcurl's own can only be about the reply.
bool is_awaited(Stage stage) {
    return stage == Stage::waiting || stage == Stage::reading;
}

constexpr auto too_large = static_cast<CURLcode>(100);  // CURLE_TOO_LARGE, since libcurl 8.6.0

Failure bad_authorities(const CurlError& error) {
    return {Exit::no_input, "the file of certificate authorities cannot be read: " + words(error),
            error.cacert.empty() ? "install the package ca-certificates, or name a file with --cacert"
                                 : "give a PEM file of certificates with --cacert"};
}

// While no reply is awaited, the code of libcurl means something else.
Failure bad_head(const CurlError& error, const std::string& why) {
    return is_awaited(error.stage) ? Failure{Exit::bad_reply, why, {}}
                                   : Failure{lost(error.stage), words(error), {}};
}

}  // namespace

Failure certificate_refused(std::string_view words) {
    return {Exit::unreachable, "the server wants a client certificate that it accepts: " + std::string(words),
            "give one with --cert FILE and --key FILE", true};
}

Failure explain(const CurlError& error) {
    const bool in_time = error.code != CURLE_OPERATION_TIMEDOUT;
    if (error.stage == Stage::connecting && error.connect_status >= 300 && in_time) {
        return refused_tunnel(error);
    }
    switch (error.code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
            return not_http(error);
        case CURLE_URL_MALFORMAT:
            return {Exit::usage, "not a usable URL: " + words(error), {}};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {Exit::unreachable, "the proxy's name cannot be resolved", {}};
        case CURLE_COULDNT_RESOLVE_HOST:
            return {Exit::unreachable, "the host's name cannot be resolved",
                    "check the name, or give its address with --resolve HOST:PORT:ADDRESS"};
        case CURLE_COULDNT_CONNECT:
            return refused_connection(error);
        case CURLE_PROXY:
            return {Exit::unreachable, "the proxy failed to connect: " + words(error), {}};
        case CURLE_INTERFACE_FAILED:
            return {Exit::unreachable, "the interface cannot be used: " + words(error), {}, true};
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(error.stage);
        case CURLE_SSL_CONNECT_ERROR:
            return certificate_alert(error.detail) ? broken_connection(error) : explain_handshake(error);
        case CURLE_PEER_FAILED_VERIFICATION:
            return explain_certificate(error);
        case CURLE_SSL_CERTPROBLEM:
            return bad_certificate(error);
        case CURLE_SSL_CACERT_BADFILE:
            return bad_authorities(error);
        case CURLE_SSL_CIPHER:
        case CURLE_USE_SSL_FAILED:
            return explain_handshake(error);
        case CURLE_GOT_NOTHING:
            return {Exit::unknown, "the server closed the connection without an answer", {}};
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return broken_connection(error);
        case CURLE_PARTIAL_FILE:
            return {Exit::unknown, "the reply was cut: " + words(error), {}};
        case CURLE_OUT_OF_MEMORY:  // libcurl's code for a header line of more than 100 KiB
        case too_large:
            return bad_head(error, "the reply's head is too large");
        case CURLE_BAD_FUNCTION_ARGUMENT:  // libcurl 7.88's code for white space before the first field
            return bad_head(error,
                            "the reply breaks HTTP: the line after its status line begins with "
                            "white space");
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return {lost(error.stage), "the HTTP/2 stream broke: " + words(error), {}};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_FILESIZE_EXCEEDED:
        case CURLE_BAD_CONTENT_ENCODING:
            return {Exit::bad_reply, "the reply breaks HTTP: " + words(error), {}};
        default:
            return {lost(error.stage), words(error), {}};
    }
}

}  // namespace hail::net
