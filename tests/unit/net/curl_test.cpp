#include "lib/net/curl.h"

#include <doctest/doctest.h>

using namespace hail::net;

TEST_CASE("curl: the loaded libcurl accepts every connection option") {
    ConnectOptions options;
    options.timeout = hail::base::Milliseconds(1000);
    options.proxy = "socks5h://localhost:1";
    options.no_proxy = "localhost";
    options.resolve = {"a.test:80:127.0.0.1", "b.test:80:127.0.0.1"};
    options.connect_to = {"a.test:80:b.test:80"};
    options.ip_version = IpVersion::v4;
    options.interface = "lo";
    options.unix_socket = "/nowhere";
    options.tls = {"ca.pem", "certs", "cert.pem", "key.pem", "password", TlsVersion::v1_3, true};
    const Connector connector(options);
    const Easy easy = make_easy();
    CHECK_NOTHROW(connector.apply(easy.get()));
}

TEST_CASE("curl: the versions are those of the loaded libraries") {
    const auto versions = library_versions();
    REQUIRE(versions.size() >= 2);
    CHECK(versions.front() == std::string("libcurl ") + curl_version_info(CURLVERSION_NOW)->version);
}
