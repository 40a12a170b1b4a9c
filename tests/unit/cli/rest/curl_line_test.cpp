#include "cli/rest/curl_line.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::cli::rest;

namespace {

http::Request request_of(std::string method, std::optional<std::string> body = {}) {
    http::Request request{.method = std::move(method), .url = "http://h/x"};
    request.headers = {{"Accept", "*/*"}, {"User-Agent", "u"}, {"Content-Type", "t"}};
    request.body = std::move(body);
    return request;
}

std::string line_of(const http::Request& request, const CurlBody& body = {},
                    Secrets secrets = Secrets::masked) {
    return curl_line(request, body, {}, secrets);
}

}  // namespace

TEST_CASE("curl line: method, headers, body and address") {
    CHECK(line_of(request_of("GET")) ==
          "curl -H 'Accept: */*' -H 'User-Agent: u' -H 'Content-Type: t' http://h/x");
    CHECK(line_of(request_of("POST", "it's")) ==
          "curl -H 'Accept: */*' -H 'User-Agent: u' -H 'Content-Type: t' "
          "--data-raw 'it'\\''s' http://h/x");
    CHECK(line_of(request_of("HEAD")).starts_with("curl --head "));
    CHECK(line_of(request_of("PURGE")).starts_with("curl -X PURGE "));
}

TEST_CASE("curl line: headers that curl would add are switched off, and an empty header is sent") {
    http::Request request{.method = "POST", .url = "http://h/a/../b?c[]=1"};
    request.headers = {{"X-Empty", ""}};
    request.body = "";
    CHECK(line_of(request) ==
          "curl -g --path-as-is -H Accept: -H User-Agent: -H Content-Type: -H 'X-Empty;' "
          "--data-raw '' 'http://h/a/../b?c[]=1'");
}

TEST_CASE("curl line: secrets are masked unless --show-secrets is given") {
    http::Request request = request_of("GET");
    request.headers.push_back({"X-Api-Key", "k1"});
    request.credentials = {http::Credentials::Kind::basic, "ada", "pass word"};
    const std::string masked = line_of(request);
    CHECK(masked.find("k1") == std::string::npos);
    CHECK(masked.find("pass word") == std::string::npos);
    CHECK(masked.find("-u 'ada:***'") != std::string::npos);
    const std::string shown = line_of(request, {}, Secrets::shown);
    CHECK(shown.find("-H 'X-Api-Key: k1'") != std::string::npos);
    CHECK(shown.find("-u 'ada:pass word'") != std::string::npos);
}

TEST_CASE("curl line: secrets of the address, of other headers and of the body are masked too") {
    http::Request request{.method = "POST", .url = "http://h/x?api_key=k'1&a=b"};
    request.headers = {{"Content-Type", "application/json"}, {"Referer", "http://u:p1@h/?token=t1"}};
    request.body = R"({"password":"p2"})";
    const std::string masked = line_of(request);
    for (const char* secret : {"k'1", "1&a", "p1", "t1", "p2"}) {
        CHECK(masked.find(secret) == std::string::npos);
    }
    CHECK(masked.ends_with(R"(--data-raw '{"password":"***"}' 'http://h/x?api_key=***&a=b')"));
    CHECK(line_of(request, {}, Secrets::shown).find("k'\\''1&a=b") != std::string::npos);
}

TEST_CASE("curl line: curl gets --compressed and --digest") {
    http::Request request = request_of("GET");
    request.headers.push_back({"Accept-Encoding", "gzip"});
    request.credentials = {http::Credentials::Kind::digest, "ada", "p"};
    CHECK(line_of(request).find(" -H 'Accept-Encoding: gzip' --compressed --digest -u 'ada:***' ") !=
          std::string::npos);
    request.headers.back().value = "identity";
    CHECK(line_of(request).find("--compressed") == std::string::npos);
}

TEST_CASE("curl line: a typed Authorization is the only one") {
    http::Request request = request_of("GET");
    request.headers.push_back({"Authorization", "Bearer t"});
    request.credentials = {http::Credentials::Kind::basic, "ada", "p"};
    CHECK(line_of(request).find("-u") == std::string::npos);
}

TEST_CASE("curl line: bytes that an argument cannot hold come through a pipe") {
    CHECK(line_of(request_of("POST", std::string("a\0%\xFF'", 5)))
              .starts_with("printf -- 'a\\000\\045\\377\\047' | curl "));
    CHECK(line_of(request_of("POST", std::string("\0", 1))).find(" --data-binary @- ") != std::string::npos);
}

TEST_CASE("curl line: files, stdin and forms") {
    CHECK(line_of(request_of("POST"), {"f.json", {}}).find("--data-binary @f.json") != std::string::npos);
    const std::string piped = line_of(request_of("POST"), {"-", {}});
    CHECK(piped.starts_with("curl -X POST "));
    CHECK(piped.find(" -T - ") != std::string::npos);
    const std::string form = line_of(
        request_of("POST"), {"", {{"a", "@1", "", "", ""}, {"f", "", "d\"x.xml", "x.xml", "text/xml"}}});
    CHECK(form.find("--form-string a=@1") != std::string::npos);
    CHECK(form.find("-F 'f=@\"d\\\"x.xml\";filename=\"x.xml\";type=text/xml'") != std::string::npos);
    CHECK(form.find("Content-Type") == std::string::npos);
}

TEST_CASE("curl line: connection options are included") {
    net::ConnectOptions connect;
    connect.timeout = base::Milliseconds(1500);
    connect.proxy = "http://u:secret@p:1";
    connect.unix_socket = "/run/x.sock";
    connect.ip_version = net::IpVersion::v6;
    connect.tls.insecure = true;
    http::Request request = request_of("GET");
    request.url = "https://h/x";
    const std::string line = curl_line(request, {}, connect, Secrets::masked);
    CHECK(line.find(" --max-time 1.500 --proxy 'http://u:***@p:1' -6 --unix-socket /run/x.sock -k ") !=
          std::string::npos);
}
