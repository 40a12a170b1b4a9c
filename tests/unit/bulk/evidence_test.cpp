#include "lib/bulk/evidence.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::bulk;
using Then = Verdict::Then;

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

TEST_CASE("evidence: what did not arrive may be sent again, what may have arrived never") {
    CHECK(judge(broken(http::Sent::nothing), "").outcome == Outcome::not_sent);
    CHECK(judge(broken(http::Sent::nothing), "").then == Then::resend);
    CHECK(judge(broken(http::Sent::partly), "").outcome == Outcome::not_sent);
    const Verdict verdict = judge(broken(http::Sent::wholly), "");
    CHECK(verdict.outcome == Outcome::unknown);
    CHECK(verdict.then == Then::settle);
    CHECK(verdict.why == "connection reset");
}

TEST_CASE("evidence: a status of refusal means that nothing ran") {
    for (const int status : {400, 406, 409, 413, 414, 421, 425, 429, 431}) {
        CAPTURE(status);
        CHECK(judge(with_status(status), "").outcome == Outcome::refused);
    }
    CHECK(judge(with_status(413), "").then == Then::split);
    CHECK(judge(with_status(429), "").then == Then::settle);
}

TEST_CASE("evidence: a status that every request would get stops the run") {
    for (const int status : {301, 307, 401, 403, 404, 405, 415}) {
        CAPTURE(status);
        CHECK(judge(with_status(status), "").outcome == Outcome::refused);
        CHECK(judge(with_status(status), "").then == Then::stop);
    }
}

TEST_CASE("evidence: a server that broke down leaves it unknown") {
    for (const int status : {408, 500, 502, 503, 504, 418}) {
        CAPTURE(status);
        CHECK(judge(with_status(status), "").outcome == Outcome::unknown);
        CHECK(judge(with_status(status), "").then == Then::settle);
    }
    CHECK(judge(with_status(502), "'<html>'").why == "HTTP 502, '<html>'");
    CHECK(judge(with_status(200), "the reply is empty").why == "the reply is empty");
}

TEST_CASE("evidence: a refused batch is parted unless it is about the rate of calls") {
    CHECK(judge_refusal(error(R"({"code":-32600,"message":"batch too large"})"), 200).then == Then::split);
    CHECK(judge_refusal(
              error(R"({"code":-32005,"message":"Batched requests are not supported by this server"})"), 200)
              .then == Then::split);
    CHECK(judge_refusal(
              error(R"({"code":-32005,"message":"daily request count exceeded, request rate limited"})"), 200)
              .then == Then::settle);
    CHECK(judge_refusal(error(R"({"code":-32600,"message":"x"})"), 401).then == Then::stop);
}

TEST_CASE("evidence: how many a server takes is read from its words, else halved") {
    CHECK(
        allowed_by(
            error(
                R"j({"code":-32000,"message":"batch limit 100 exceeded (can increase by --rpc.batch.limit)"})j"),
            401) == 100);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"batch too large"})"), 401) == 200);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"batch of 401 is over 50"})"), 401) == 50);
    CHECK(
        allowed_by(error(R"({"code":-32005,"message":"Batched requests are not supported by this server"})"),
                   20) == 1);
    CHECK(allowed_by(error(R"({"code":-32600,"message":"no"})"), 1) == 1);
}
