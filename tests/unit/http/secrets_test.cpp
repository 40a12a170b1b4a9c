#include "lib/http/secrets.h"

#include <doctest/doctest.h>

using namespace hail::http;

TEST_CASE("secrets: only the scheme of an Authorization is shown, and nothing of cookies and keys") {
    CHECK(
        mask_secrets(
            "GET / HTTP/1.1\r\nAuthorization: Basic abc\r\nCookie: a=b\r\nX-Api-Key: k\r\nX-Auth-Token: t\r\n"
            "Accept: */*\r\n\r\n") ==
        "GET / HTTP/1.1\r\nAuthorization: Basic ***\r\nCookie: ***\r\nX-Api-Key: ***\r\nX-Auth-Token: ***\r\n"
        "Accept: */*\r\n\r\n");
}

TEST_CASE("secrets: common names of keys are recognised") {
    for (const auto* name : {"Ocp-Apim-Subscription-Key",
                             "DD-APPLICATION-KEY",
                             "X-Access-Key",
                             "X-Session-Id",
                             "X-Auth",
                             "X_API_KEY",
                             "PRIVATE-TOKEN",
                             "X-Client-Secret",
                             "X-Amz-Credential",
                             "X-Hub-Signature-256",
                             "apikey",
                             "X-Pass",
                             "X-Passphrase",
                             "X-Otp",
                             "X-Pin",
                             "X-Csrf-Token",
                             "X-XSRF-TOKEN",
                             "X-Vault-Token",
                             "X-Vault",
                             "X-Passwd"}) {
        CAPTURE(name);
        CHECK(is_secret(name));
    }
    for (const auto* name : {"Idempotency-Key", "Sec-WebSocket-Key", "Author", "X-Keyboard", "Accept",
                             "X-Sessions", "X-Passenger", "X-Spin", "Public-Key-Pins", "X-Max-Tokens"}) {
        CAPTURE(name);
        CHECK_FALSE(is_secret(name));
    }
}

TEST_CASE("secrets: the password of a URL in a header is masked, and the rest of the URL stays") {
    CHECK(
        mask_secrets(
            "HTTP/1.1 302 Found\r\nLocation: https://ann:pass@host/a?b=1&access_token=t\r\nX-A: ://b\r\n") ==
        "HTTP/1.1 302 Found\r\nLocation: https://ann:***@host/a?b=1&access_token=***\r\nX-A: ://b\r\n");
}

TEST_CASE("secrets: the mechanism of a login is shown") {
    CHECK(mask_urls("write ?auth_mechanism=external") == "write ?auth_mechanism=external");
    CHECK(mask_urls("write ?auth=external") == "write ?auth=***");
}

TEST_CASE("secrets: a URL in a text keeps its query, except for secret values") {
    CHECK(mask_urls("GET http://ann:p@h/?a=1&api_key=k&b=2&sig=s: 404 Not Found") ==
          "GET http://ann:***@h/?a=1&api_key=***&b=2&sig=***: 404 Not Found");
    CHECK(mask_urls("it points to /b?token=a.b#c: --follow goes there") ==
          "it points to /b?token=***#c: --follow goes there");
    for (const char* plain : {"", "http://h/?a=b@c", "mail ann@h", "http://ann@h/", "http://h:80/a@b",
                              "token=t", "what? token = 1", "http://h/?token="}) {
        CAPTURE(plain);
        CHECK(mask_urls(plain) == plain);
    }
}

TEST_CASE("secrets: the names that services give their parameters are known, encoded or nested too") {
    for (const auto* name :
         {"access_token", "client_secret", "pass", "pwd", "passwd", "jwt", "X-Amz-Signature", "auth", "sig",
          "assertion", "client_assertion", "SAMLResponse", "key", "access%5Ftoken", "user[password]",
          "PHPSESSID", "code", "device_code", "code_verifier"}) {
        CAPTURE(name);
        CHECK(is_secret_parameter(name));
    }
    for (const auto* name : {"country_code", "codec", "page", "passenger", "design", "state", "max_tokens"}) {
        CAPTURE(name);
        CHECK_FALSE(is_secret_parameter(name));
    }
    CHECK(is_secret_field("password"));
    CHECK_FALSE(is_secret_field("key"));
    CHECK_FALSE(is_secret_field("code"));
}

TEST_CASE("secrets: a request line and a URL are masked up to the end of the value, quotes included") {
    CHECK(mask_secrets("GET /?pwd=a'b\"c.&x=1 HTTP/1.1\r\nHost: h\r\n\r\n") ==
          "GET /?pwd=***&x=1 HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(mask_url("http://h/a?x=1;token=s'.#access_token=t") == "http://h/a?x=1;token=***#access_token=***");
    CHECK(mask_secrets("Location: /cb?a=1&token=S\r\n") == "Location: /cb?a=1&token=***\r\n");
    CHECK(mask_secrets("Link: </x?access_token=S>; rel=next\r\n") ==
          "Link: </x?access_token=***>; rel=next\r\n");
}

TEST_CASE("secrets: the values of a form are masked by their names") {
    CHECK(mask_form("password=S&a=1&api_key=k") == "password=***&a=1&api_key=***");
    CHECK(mask_form("a=1&user%5Bpass%5D=x%27") == "a=1&user%5Bpass%5D=***");
    CHECK(mask_form("") == "");
}

TEST_CASE("secrets: libcurl's report on HTTP/2 headers shows no secret values") {
    CHECK(mask_fact("h2h3 [authorization: Basic abc]") == "h2h3 [authorization: ***]");
    CHECK(mask_fact("[HTTP/2] [1] [x-api-key: [k]: v]") == "[HTTP/2] [1] [x-api-key: ***]");
    CHECK(mask_fact("[HTTP/2] [1] [:path: /a?token=S]") == "[HTTP/2] [1] [:path: /a?token=***]");
    CHECK(mask_fact("[HTTP/2] [1] [:path: /a]") == "[HTTP/2] [1] [:path: /a]");
    CHECK(mask_fact("Trying [::1]:80...") == "Trying [::1]:80...");
}
