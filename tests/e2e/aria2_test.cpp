#include <doctest/doctest.h>

#include <string>

#include "tests/support/aria2.h"
#include "tests/support/process.h"

// The two JSON-RPC commands against a real service.

using namespace hail::support;

TEST_CASE("aria2: a call, an error and a call with params by position") {
    const Aria2 aria2;
    const Outcome version = hail::support::hail({"rpc", aria2.address(), "aria2.getVersion"});
    CHECK(version.out.starts_with("{\"enabledFeatures\":["));
    CHECK(version.err.empty());
    CHECK(version.code == 0);
    const Outcome nothing = hail::support::hail({"rpc", aria2.address(), "no.such.method"});
    CHECK(nothing.err == "hail: calling no.such.method: error 1: No such method: no.such.method\n");
    CHECK(nothing.code == 1);
    CHECK(hail::support::hail({"rpc", aria2.address(), "aria2.tellWaiting", "0", "10"}).out == "[]\n");
}

TEST_CASE("aria2: a notification is rejected, and hail reports that") {
    const Aria2 aria2;
    const Outcome outcome = hail::support::hail({"rpc", aria2.address(), "aria2.getVersion", "--notify"});
    CHECK(outcome.err.find("error -32600") != std::string::npos);
    CHECK(outcome.code == 1);
}

TEST_CASE("aria2: the secret is passed as a param") {
    const Aria2 aria2("s3cret");
    CHECK(hail::support::hail({"rpc", aria2.address(), "aria2.getVersion"}).code == 1);
    CHECK(hail::support::hail({"rpc", aria2.address(), "aria2.getVersion", "token:s3cret"}).code == 0);
}

TEST_CASE("aria2: 500 calls in chunks come out in order with their ids") {
    const Aria2 aria2;
    std::string input;
    for (int i = 0; i < 500; ++i) {
        const std::string method = i % 100 == 99 ? "no.such.method" : "aria2.tellActive";
        input += "{\"id\":\"call-" + std::to_string(i) + "\",\"method\":\"" + method + "\"}\n";
    }
    const Outcome outcome = hail::support::hail({"batch", aria2.address(), "--chunk", "7"}, input);
    std::string expected;
    for (int i = 0; i < 500; ++i) {
        expected += "{\"i\":" + std::to_string(i) + ",\"id\":\"call-" + std::to_string(i) + "\",";
        expected += i % 100 == 99 ? "\"error\":{\"code\":1,\"message\":\"No such method: no.such.method\"}}\n"
                                  : "\"result\":[]}\n";
    }
    CHECK(outcome.out == expected);
    CHECK(outcome.err == "hail: 500 calls: 495 ok, 5 errors; 72 POSTs; error codes 1 (5)\n");
    CHECK(outcome.code == 1);
}
