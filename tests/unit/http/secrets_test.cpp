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
    for (const auto* name : {"Ocp-Apim-Subscription-Key", "DD-APPLICATION-KEY", "X-Access-Key",
                             "X-Session-Id", "X-Auth", "X_API_KEY", "PRIVATE-TOKEN", "X-Client-Secret",
                             "X-Amz-Credential", "X-Hub-Signature-256", "apikey"}) {
        CAPTURE(name);
        CHECK(is_secret(name));
    }
    for (const auto* name :
         {"Idempotency-Key", "Sec-WebSocket-Key", "Author", "X-Keyboard", "Accept", "X-Sessions"}) {
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

TEST_CASE("secrets: libcurl's report on HTTP/2 headers shows no secret values") {
    CHECK(mask_fact("h2h3 [authorization: Basic abc]") == "h2h3 [authorization: ***]");
    CHECK(mask_fact("[HTTP/2] [1] [x-api-key: [k]: v]") == "[HTTP/2] [1] [x-api-key: ***]");
    CHECK(mask_fact("[HTTP/2] [1] [:path: /a]") == "[HTTP/2] [1] [:path: /a]");
    CHECK(mask_fact("Trying [::1]:80...") == "Trying [::1]:80...");
}
