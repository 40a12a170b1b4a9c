#include "lib/http/digest_auth.h"

#include <doctest/doctest.h>

using namespace hail;
using http::find_digest;
using Kind = base::Digest::Kind;

namespace {

http::ReplyHead head(const std::vector<std::string>& challenges) {
    http::ReplyHead result;
    result.add_line("HTTP/1.1 401 Unauthorized");
    for (const auto& challenge : challenges) {
        result.add_line("WWW-Authenticate: " + challenge);
    }
    result.add_line("");
    return result;
}

const http::Credentials mufasa{http::Credentials::Kind::basic, "Mufasa", "Circle of Life"};

}  // namespace

TEST_CASE("digest: the hashes match the examples of the standards") {
    CHECK(base::hex_digest(Kind::md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(base::hex_digest(Kind::sha256, "abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(base::hex_digest(Kind::sha512_256, "abc") ==
          "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
}

// Source: RFC 7616 3.9.1.
TEST_CASE("digest: the standard's example gives its answer with both algorithms") {
    const std::string common =
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
        "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", algorithm=";
    const http::DigestUse use{"GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
    const auto sha = find_digest(head({common + "MD5", common + "SHA-256"}));
    REQUIRE(sha);
    CHECK(sha->algorithm == Kind::sha256);
    CHECK(
        http::digest_answer(*sha, mufasa, use) ==
        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
        "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", algorithm=SHA-256, "
        "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", qop=auth, "
        "nc=00000001, "
        "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "
        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    const auto md5 = find_digest(head({common + "MD5"}));
    REQUIRE(md5);
    CHECK(http::digest_answer(*md5, mufasa, use).find("response=\"8ca523f5e9506fed4657c9700eebdbec\"") !=
          std::string::npos);
}

// Source: RFC 2069, as corrected by its erratum 749.
TEST_CASE("digest: a challenge without qop is answered as in RFC 2069") {
    const auto challenge = find_digest(
        head({"Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""}));
    REQUIRE(challenge);
    const std::string answer =
        http::digest_answer(*challenge, {http::Credentials::Kind::basic, "Mufasa", "CircleOfLife"},
                            {"GET", "/dir/index.html", 1, "x"});
    CHECK(answer.find("response=\"1949323746fe6a43ef61f9606e7febea\"") != std::string::npos);
    CHECK(answer.find("qop") == std::string::npos);
    CHECK(answer.find("nc=") == std::string::npos);
}

// Source: RFC 7616 3.4.1, 3.4.3.
TEST_CASE("digest: auth-int adds the hash of the body, and gives way to auth") {
    const auto challenge = find_digest(head({"Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\""}));
    REQUIRE(challenge);
    CHECK(challenge->qop == http::Qop::auth_int);
    const auto hash = [](const std::string& text) { return base::hex_digest(Kind::md5, text); };
    const std::string body = hash("{\"a\":1}");
    const std::string answer = http::digest_answer(*challenge, {http::Credentials::Kind::basic, "u", "p"},
                                                   {"POST", "/x", 1, "c", body});
    const std::string expected = hash(hash("u:r:p") + ":n:00000001:c:auth-int:" + hash("POST:/x:" + body));
    CHECK(answer.find("response=\"" + expected + "\", qop=auth-int, nc=00000001") != std::string::npos);
    CHECK(find_digest(head({"Digest nonce=n, qop=\"auth-int, auth\""}))->qop == http::Qop::auth);
}

TEST_CASE("digest: several challenges are separated, in one field or in many") {
    const auto one =
        find_digest(head({"Basic realm=\"a, b\", Digest nonce=n, realm=\"r\", stale=TRUE, Bearer abc=="}));
    REQUIRE(one);
    CHECK(one->nonce == "n");
    CHECK(one->realm == "r");
    CHECK(one->stale);
    CHECK(find_digest(
              head({"Negotiate", "Bearer", "digest nonce=\"n\", userhash=true, algorithm=SHA-256-sess"}))
              ->session);
    CHECK_FALSE(find_digest(head({"Basic realm=\"Digest nonce=n\""})));
}

TEST_CASE("digest: a challenge that cannot be answered is skipped") {
    CHECK_FALSE(find_digest(head({"Digest realm=r"})));
    CHECK_FALSE(find_digest(head({"Digest nonce=n, algorithm=SHA-1"})));
    CHECK_FALSE(find_digest(head({"Digest nonce=n, qop=\"token\""})));
    CHECK(find_digest(head({"Digest nonce=n, algorithm=SHA-1", "Digest nonce=m"}))->nonce == "m");
}

TEST_CASE("digest: quotes in a name or a realm cannot end their string") {
    const auto challenge = find_digest(head({"Digest nonce=n, realm=\"a\\\"b\""}));
    REQUIRE(challenge);
    const std::string answer = http::digest_answer(
        *challenge, {http::Credentials::Kind::basic, "x\"y\\", "p"}, {"GET", "/", 1, "c"});
    CHECK(answer.starts_with("Digest username=\"x\\\"y\\\\\", realm=\"a\\\"b\", "));
}
