#include "lib/net/tried_peer.h"

#include <doctest/doctest.h>

using namespace hail::net;

TEST_CASE("tried peer: a proxy is shown without its scheme, user and password") {
    const auto of = [](const std::string& proxy) {
        ConnectOptions options;
        options.proxy = proxy;
        return proxy_for(options, false);
    };
    CHECK(of("http://ann:p@ss@proxy.test:3128/") == "proxy.test:3128");
    CHECK(of("proxy.test") == "proxy.test:1080");
    CHECK(of("https://[::1]") == "[::1]:443");
    CHECK(of("socks5h://[::1]:9050") == "[::1]:9050");
    CHECK(of("").empty());
    ConnectOptions usual;
    usual.usual_proxies = {"a:1", "b:2"};
    CHECK(proxy_for(usual, true) == "b:2");
    usual.http_proxy = "http://u:p@c:3";
    CHECK(proxy_for(usual, false) == "c:3");
}

TEST_CASE("tried peer: the proxy is told from the host by the address that was tried") {
    CHECK(tried_peer("127.0.0.1:3128", "proxy.test:3128", "h.test", 80).is_proxy);
    CHECK(tried_peer("127.0.0.1:3128", "proxy.test:3128", "h.test", 80).name == "proxy.test:3128");
    CHECK_FALSE(tried_peer("127.0.0.1:80", "proxy.test:3128", "h.test", 80).is_proxy);
    CHECK(tried_peer("127.0.0.1:80", "proxy.test:3128", "h.test", 80).name == "h.test:80");
    CHECK_FALSE(tried_peer("127.0.0.1:80", "10.0.0.1:80", "127.0.0.1", 80).is_proxy);
    CHECK(tried_peer("[::1]:8080", "", "::1", 8080).name == "[::1]:8080");
    CHECK(tried_peer("10.0.0.1:81", "", "h.test", 80).name == "10.0.0.1:81");
}
