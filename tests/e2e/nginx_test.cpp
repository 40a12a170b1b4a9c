#include "tests/support/nginx.h"
#include "tests/support/rest.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hail::support;

TEST_CASE("rest on nginx: a plain call over a unix socket") {
    const Nginx nginx;
    nginx.serve("a.json", R"({"price":1.10,"big":12345678901234567890123,"a":1,"a":2})");
    CHECK(rest({"localhost/a.json", "--unix-socket", nginx.plain()}).out ==
          R"({"price":1.10,"big":12345678901234567890123,"a":1,"a":2})");
    CHECK(rest({"localhost/say?x=1", "y==2", "--unix-socket", nginx.plain()}).out ==
          "GET HTTP/1.1 /say?x=1&y=2\n");
    CHECK(rest({"localhost/nothing", "--unix-socket", nginx.plain()}).code == 4);
}

TEST_CASE("rest on nginx: compressed replies are decoded") {
    const Nginx nginx;
    const std::string text = "[" + std::string(200'000, ' ') + "1]";
    nginx.serve("a.json", text);
    const Outcome outcome = rest({"localhost/zip/a.json", "--unix-socket", nginx.plain(), "-p", "hb"});
    CHECK(outcome.out.find("Content-Encoding: gzip\r\n") != std::string::npos);
    CHECK(outcome.out.ends_with(text));
    CHECK(rest({"localhost/zip/a.json", "Accept-Encoding:identity", "--unix-socket", nginx.plain()}).out ==
          text);
}

TEST_CASE("rest on nginx: TLS is checked, and HTTP/2 is not used if libcurl cannot detect truncation") {
    const Nginx nginx;
    const std::string socket = nginx.tls();
    const std::string authority = nginx.certificates().ca;
    const Outcome trusted = rest({"https://localhost/say", "--unix-socket", socket, "--cacert", authority});
    CHECK(trusted.code == 0);
    CHECK(trusted.out.starts_with("GET HTTP/"));
    const Outcome stranger = rest({"https://localhost/say", "--unix-socket", socket});
    CHECK(stranger.code == 7);
    CHECK(stranger.err.find("certificate") != std::string::npos);
    CHECK(rest({"https://other.test/say", "--unix-socket", socket, "--cacert", authority}).code == 7);
    CHECK(rest({"https://other.test/say", "--unix-socket", socket, "-k"}).code == 0);
    CHECK(rest({"https://localhost/say", "--unix-socket", nginx.plain(), "--cacert", authority}).code == 7);
}

TEST_CASE("rest on nginx: --http2 uses HTTP/2, and sends a body of unknown length without chunks") {
    const Nginx nginx;
    const std::vector<std::string> there{"https://localhost/say", "--unix-socket", nginx.tls(), "--cacert",
                                         nginx.certificates().ca, "--http2"};
    CHECK(rest(there).out == "GET HTTP/2.0 /say\n");
    std::vector<std::string> upload = there;
    upload.insert(upload.begin(), {"rest", "PUT", "--chunked"});
    CHECK(hail::support::hail(upload, "some bytes").out == "PUT HTTP/2.0 /say\n");
    std::vector<std::string> fallback = there;
    fallback.at(2) = nginx.mutual_tls();
    fallback.emplace_back("--no-check-status");
    CHECK(rest(fallback).code == 0);
}

TEST_CASE("rest on nginx: -v shows no secret of a call over HTTP/2") {
    const Nginx nginx;
    const Outcome outcome = rest({"-v", "https://localhost/say", "--unix-socket", nginx.tls(), "--cacert",
                                  nginx.certificates().ca, "--http2", "-u", "ann:quiet", "X-Api-Key:quiet",
                                  "Cookie:quiet=quiet", "Referer:http://a:quiet@h/"});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.find("quiet") == std::string::npos);
    CHECK(outcome.err.find("YW5uOnF1aWV0") == std::string::npos);
}

TEST_CASE("rest on nginx: a client certificate is sent if --cert is given") {
    const Nginx nginx;
    const auto& files = nginx.certificates();
    const std::vector<std::string> anonymous{"https://localhost/say", "--unix-socket", nginx.mutual_tls(),
                                             "--cacert", files.ca};
    CHECK(rest(anonymous).code == 4);
    std::vector<std::string> known = anonymous;
    known.insert(known.end(), {"--cert", files.client, "--key", files.client_key});
    CHECK(rest(known).code == 0);
    std::vector<std::string> wrong = anonymous;
    wrong.insert(wrong.end(), {"--cert", "/nowhere.pem"});
    CHECK(rest(wrong).code == 66);
}
