#include "lib/http/tls_summary.h"

#include <doctest/doctest.h>

using namespace hail::http;

TEST_CASE("tls summary: the facts of a handshake become two lines, all others pass") {
    TlsSummary summary;
    CHECK(summary.take("Connected to h") == std::vector<std::string>{"Connected to h"});
    for (const auto* const fact :
         {"TLSv1.3 (OUT), TLS handshake, Client hello (1):",
          "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384", "Server certificate:", "subject: CN=h",
          "start date: Jan  1 00:00:00 2026 GMT", "expire date: Jan  1 00:00:00 2027 GMT",
          "subjectAltName: host \"h\" matched cert's \"h\"", "issuer: CN=ca"}) {
        CHECK(summary.take(fact).empty());
    }
    CHECK(summary.take("SSL certificate verify ok.") ==
          std::vector<std::string>{
              "TLS: TLSv1.3, TLS_AES_256_GCM_SHA384",
              "certificate: subject CN=h; issuer CN=ca; valid until Jan  1 00:00:00 2027 GMT; "
              "name: host \"h\" matched cert's \"h\"; certificate verify ok"});
    CHECK(summary.take("SSL certificate problem: expired").size() == 1);
}
