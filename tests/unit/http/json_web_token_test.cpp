#include "lib/http/json_web_token.h"

#include <doctest/doctest.h>

using namespace hail::http;

// The token and its signature were checked with openssl dgst -sha256 -mac HMAC.
TEST_CASE("json web token: it is signed with HS256 and says when it was issued") {
    const std::string secret(32, '\x01');
    CHECK(json_web_token(secret, 1'700'000'000) ==
          "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9.S3esM_43rSn57zYhtZ-FpifXBK_"
          "oKaYJ0Dx6M3iWn70");
}

TEST_CASE("json web token: a secret is hexadecimal, with or without 0x") {
    CHECK(secret_of_hex("0x0aFF\n") == "\x0a\xff");
    CHECK(secret_of_hex("0a") == "\x0a");
    for (const auto* wrong : {"", "0x", "0", "0a0", "zz", "0a zz"}) {
        CAPTURE(wrong);
        CHECK(secret_of_hex(wrong).empty());
    }
}
