#include "lib/bulk/outcome_rules.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::bulk;
using Then = Decision::Then;

namespace {

http::Result with_status(int status) {
    http::Result result;
    result.sent = http::Sent::wholly;
    result.head.add_line("HTTP/1.1 " + std::to_string(status) + " x\r\n");
    return result;
}

http::Result broken(http::Sent sent) {
    http::Result result;
    result.sent = sent;
    result.failure = http::Failure{.exit = base::Exit::unknown, .why = "connection reset", .hint = {}};
    return result;
}

rpc::ErrorObject error(std::string_view value) {
    rpc::Quirks quirks;
    return rpc::read_error(value, quirks);
}

}  // namespace

TEST_CASE("outcome rules: a request is sent again only if it did not arrive") {
    CHECK(classify(broken(http::Sent::nothing), "").outcome == Outcome::not_sent);
    CHECK(classify(broken(http::Sent::nothing), "").then == Then::resend);
    CHECK(classify(broken(http::Sent::partly), "").outcome == Outcome::not_sent);
    const Decision decision = classify(broken(http::Sent::wholly), "");
    CHECK(decision.outcome == Outcome::unknown);
    CHECK(decision.then == Then::settle);
    CHECK(decision.why == "connection reset");
}

TEST_CASE("outcome rules: a status that refuses a request means that nothing ran") {
    for (const int status : {400, 406, 409, 413, 414, 421, 425, 429, 431}) {
        CAPTURE(status);
        CHECK(classify(with_status(status), "").outcome == Outcome::refused);
    }
    CHECK(classify(with_status(413), "").then == Then::split);
    CHECK(classify(with_status(429), "").then == Then::settle);
}

TEST_CASE("outcome rules: a status that every request would get stops the run") {
    for (const int status : {301, 307, 401, 403, 404, 405, 415}) {
        CAPTURE(status);
        CHECK(classify(with_status(status), "").outcome == Outcome::refused);
        CHECK(classify(with_status(status), "").then == Then::stop);
    }
}

TEST_CASE("outcome rules: a failure of the server leaves the outcome unknown") {
    for (const int status : {408, 500, 502, 503, 504, 418}) {
        CAPTURE(status);
        CHECK(classify(with_status(status), "").outcome == Outcome::unknown);
        CHECK(classify(with_status(status), "").then == Then::settle);
    }
    CHECK(classify(with_status(502), "'<html>'").why == "HTTP 502, '<html>'");
    CHECK(classify(with_status(200), "the reply is empty").why == "the reply is empty");
}

TEST_CASE("outcome rules: a refused batch is split unless the rate of calls was refused") {
    CHECK(classify_refusal(error(R"({"code":-32600,"message":"batch too large"})"), 200).then == Then::split);
    CHECK(classify_refusal(
              error(R"({"code":-32005,"message":"Batched requests are not supported by this server"})"), 200)
              .then == Then::split);
    CHECK(classify_refusal(
              error(R"({"code":-32005,"message":"daily request count exceeded, request rate limited"})"), 200)
              .then == Then::settle);
    CHECK(classify_refusal(error(R"({"code":-32600,"message":"x"})"), 401).then == Then::stop);
}

TEST_CASE("outcome rules: the batch limit is read from the refusal, or else the batch is halved") {
    CHECK(allowed_by(error(R"j({"code":-32000,"message":"batch limit 100 exceeded )j"
                           R"j((can increase by --rpc.batch.limit)"})j"),
                     401) == 100);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"batch too large"})"), 401) == 200);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"batch of 401 is over 50"})"), 401) == 50);
    CHECK(
        allowed_by(error(R"({"code":-32005,"message":"Batched requests are not supported by this server"})"),
                   20) == 1);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"no"})"), 1) == 1);
}
