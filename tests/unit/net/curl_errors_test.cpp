#include "lib/net/curl_errors.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hail::net;
using hail::base::Exit;

TEST_CASE("curl errors: a head beyond the limit of libcurl is a bad reply, not a lack of memory") {
    const Failure failure = explain({.code = CURLE_OUT_OF_MEMORY, .detail = {}, .stage = Stage::reading});
    CHECK(failure.exit == hail::base::Exit::bad_reply);
    CHECK(failure.why == "the reply's head is too large");
}

TEST_CASE("curl errors: any failure before the request is sent is unreachable") {
    for (const CURLcode code :
         {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY,
          CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
          CURLE_INTERFACE_FAILED, CURLE_HTTP2}) {
        CAPTURE(code);
        CHECK(explain({.code = code, .stage = Stage::connecting}).exit == Exit::unreachable);
    }
}

TEST_CASE(
    "curl errors: a connection that breaks after part of the request was sent leaves the outcome unknown") {
    for (const CURLcode code : {CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
                                CURLE_HTTP2_STREAM, CURLE_HTTP2}) {
        CAPTURE(code);
        CHECK(explain({.code = code, .stage = Stage::waiting}).exit == Exit::unknown);
        CHECK(explain({.code = code, .stage = Stage::reading}).exit == Exit::unknown);
    }
}

TEST_CASE("curl errors: a timeout says how far the exchange had come") {
    const auto why = [](Stage stage) {
        const Failure failure = explain({.code = CURLE_OPERATION_TIMEDOUT, .stage = stage});
        CHECK(failure.exit == Exit::timed_out);
        return failure.why;
    };
    CHECK(why(Stage::connecting) == "timed out while connecting, nothing was sent");
    CHECK(why(Stage::sending) == "timed out while sending the request");
    CHECK(why(Stage::waiting) == "timed out waiting for the reply after the request was sent");
    CHECK(why(Stage::reading) == "timed out in the middle of the reply");
}

TEST_CASE("curl errors: a refused connection is reported in the system's words") {
    CHECK(explain({.code = CURLE_COULDNT_CONNECT, .os_error = ECONNREFUSED}).why ==
          "cannot connect: Connection refused");
}

TEST_CASE("curl errors: an answer that is not HTTP is a bad reply") {
    const Failure failure = explain({.code = CURLE_UNSUPPORTED_PROTOCOL,
                                     .detail = "Received HTTP/0.9 when not allowed",
                                     .stage = Stage::waiting});
    CHECK(failure.exit == Exit::bad_reply);
    CHECK(failure.why == "the answer is not HTTP/1");
}

TEST_CASE("curl errors: TLS 1.3 asking for a client certificate at the first read is unreachable") {
    const Failure failure = explain(
        {.code = CURLE_RECV_ERROR,
         .detail =
             "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
         .stage = Stage::waiting});
    CHECK(failure.exit == Exit::unreachable);
    CHECK(failure.hint == "give one with --cert FILE and --key FILE");
}

TEST_CASE("curl errors: a proxy that refuses the tunnel is named with its status") {
    const Failure failure = explain({.code = CURLE_RECV_ERROR, .connect_status = 407});
    CHECK(failure.exit == Exit::unreachable);
    CHECK(failure.why == "the proxy refused the tunnel with status 407");
}

TEST_CASE("curl errors: a refused tunnel is told by its status, whatever libcurl calls the fault") {
    for (const CURLcode code : {CURLE_COULDNT_CONNECT, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PROXY}) {
        const Failure failure = explain({.code = code,
                                         .detail = "CONNECT tunnel failed, response 407",
                                         .connect_status = 407,
                                         .proxy_logins = CURLAUTH_BASIC | CURLAUTH_DIGEST});
        CHECK(failure.why == "the proxy refused the tunnel with status 407");
        CHECK(failure.hint ==
              "it asks for Basic, Digest: give its user and password with --proxy "
              "USER:PASSWORD@HOST:PORT");
    }
}

TEST_CASE("curl errors: a refused connection names the peer that was tried, and a proxy as one") {
    const CurlError refused{.code = CURLE_COULDNT_CONNECT,
                            .detail = "Failed to connect to elsewhere port 2 via proxy after 0 ms",
                            .os_error = ECONNREFUSED};
    CurlError direct = refused;
    direct.peer = "h.test:80";
    CHECK(explain(direct).hint == "is something listening at h.test:80?");
    CurlError proxied = refused;
    proxied.proxy = "p.test:3128";
    CHECK(explain(proxied).why == "cannot connect to the proxy p.test:3128: Connection refused");
}

TEST_CASE("curl errors: without any authorities the package that brings them is named") {
    CHECK(explain({.code = CURLE_SSL_CACERT_BADFILE}).hint ==
          "install the package ca-certificates, or name a file with --cacert");
    CHECK(explain({.code = CURLE_SSL_CACERT_BADFILE, .cacert = "/x.pem"}).hint ==
          "give a PEM file of certificates with --cacert");
}

TEST_CASE("curl errors: text from the library cannot control a terminal") {
    CHECK(explain({.code = CURLE_PARTIAL_FILE, .detail = "a\x1b[2J\nb"}).why ==
          "the reply was cut: a\\x1b[2J\\x0ab");
}

TEST_CASE("curl errors: a reply that the parser refuses is a bad reply, whatever its code") {
    const CurlError cases[] = {
        {.code = CURLE_RECV_ERROR,
         .detail = "chunk hex-length char not a hex digit: 0x7a",
         .stage = Stage::reading},
        {.code = CURLE_RECV_ERROR,
         .detail = "Illegal or missing hexadecimal sequence in chunked-encoding",
         .stage = Stage::reading},
        {.code = static_cast<CURLcode>(100), .detail = "Too many response headers", .stage = Stage::reading},
        {.code = CURLE_OUT_OF_MEMORY, .detail = {}, .stage = Stage::waiting},
        {.code = CURLE_BAD_FUNCTION_ARGUMENT, .detail = {}, .stage = Stage::reading}};
    for (const CurlError& one : cases) {
        CAPTURE(one.code);
        CHECK(explain(one).exit == Exit::bad_reply);
    }
}
