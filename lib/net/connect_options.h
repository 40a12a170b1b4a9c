// ConnectOptions configure a connection, the same for HTTP and for every broker. The command line's
// connection options fill them in.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/net/wire_tap.h"

namespace hail::net {

enum class IpVersion { any, v4, v6 };
enum class TlsVersion { any, v1_0, v1_1, v1_2, v1_3 };

struct TlsOptions {
    std::string cacert;        // a PEM file; empty: the system's file
    std::string capath;        // a directory of hashed PEM files
    std::string cert;          // the client's certificate, PEM
    std::string key;           // its key, PEM; empty: in the file of the certificate
    std::string key_password;  // of an encrypted key
    TlsVersion min_version = TlsVersion::v1_2;
    bool insecure = false;  // accept any certificate and any name
};

// The proxies that the usual variables name. libcurl reads those itself; this is for messages.
struct UsualProxies {
    std::string http;
    std::string https;
};

struct ConnectOptions {
    // For name, TCP, proxy and TLS together; none: no limit.
    std::optional<base::Milliseconds> connect_timeout = base::Milliseconds(10'000);
    std::optional<base::Milliseconds> timeout;       // for the whole exchange; none: no limit
    std::optional<base::Milliseconds> idle_timeout;  // between two bytes received; none: no limit
    // http://, https://, socks5h://…; none: the environment variables decide; empty: no proxy.
    std::optional<std::string> proxy;
    std::string http_proxy;  // for http:// alone, if neither `proxy` nor http_proxy names one; empty: none
    UsualProxies usual_proxies;
    std::optional<std::string> no_proxy;  // comma-separated hosts
    std::vector<std::string> resolve;     // "host:port:address[,address]", as curl(1)
    std::vector<std::string> connect_to;  // "host1:port1:host2:port2", as curl(1)
    IpVersion ip_version = IpVersion::any;
    std::string interface;    // a name or an address
    std::string unix_socket;  // connect here, whatever the address says
    TlsOptions tls;
    WireTap* tap = nullptr;  // of a broker's connection; must outlive it
};

// A text that is equal only for options that reach a server the same way with the same client certificate.
std::string route(const ConnectOptions& options);

}  // namespace hail::net
