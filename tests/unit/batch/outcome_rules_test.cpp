#include "lib/batch/outcome_rules.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::batch;
using bulk::Outcome;
using bulk::Then;
using Peer = bulk::Verdict::Peer;

namespace {

http::Result with_status(int status, const std::string& header = {}) {
    http::Result result;
    result.sent = http::Sent::wholly;
    result.head.add_line("HTTP/1.1 " + std::to_string(status) + " x\r\n");
    if (!header.empty()) {
        result.head.add_line(header + "\r\n");
    }
    return result;
}

http::Result broken(http::Sent sent) {
    http::Result result;
    result.sent = sent;
    result.failure = http::Failure{.exit = base::Exit::timed_out, .why = "connection reset", .hint = {}};
    return result;
}

rpc::ErrorObject error(std::string_view value) {
    rpc::Quirks quirks;
    return rpc::read_error(value, quirks);
}

bulk::Verdict refusal(std::string_view value, std::size_t requests = 20, int status = 200) {
    return judge_refusal(error(value), with_status(status).head, requests);
}

CallError call_error(std::string_view value, std::size_t requests = 20, int status = 200) {
    return judge_error(error(value), status, requests);
}

}  // namespace

TEST_CASE("outcome rules: a request is sent again only if it did not arrive") {
    for (const http::Sent sent : {http::Sent::nothing, http::Sent::partly}) {
        CHECK(judge_exchange(broken(sent), "", 20).all.outcome == Outcome::not_sent);
        CHECK(judge_exchange(broken(sent), "", 20).all.then == Then::resend);
    }
    const bulk::Verdict verdict = judge_exchange(broken(http::Sent::wholly), "", 20);
    CHECK(verdict.all.outcome == Outcome::unknown);
    CHECK(verdict.all.then == Then::settle);
    CHECK(verdict.all.why == "connection reset");
    CHECK(verdict.all.exit == base::Exit::timed_out);
    CHECK(verdict.peer == Peer::silent);
}

TEST_CASE("outcome rules: a status that refuses a request means that nothing ran") {
    for (const int status : {400, 406, 409, 413, 414, 421, 425, 429, 431}) {
        CAPTURE(status);
        CHECK(judge_exchange(with_status(status), "", 1).all.outcome == Outcome::refused);
        CHECK(judge_exchange(with_status(status), "", 1).all.exit == base::Exit::client_error);
    }
    CHECK(judge_exchange(with_status(413), "", 20).all.then == Then::split);
    CHECK(judge_exchange(with_status(413), "", 20).accepts == 10);
    CHECK(judge_exchange(with_status(413), "", 1).all.then == Then::settle);
    CHECK(judge_exchange(with_status(400), "", 20).all.then == Then::split);
    CHECK(judge_exchange(with_status(400), "", 20).accepts == 0);
    CHECK(judge_exchange(with_status(400), "", 1).peer == Peer::strange);
}

TEST_CASE("outcome rules: 429 is sent again after the time that it asks for") {
    const bulk::Verdict verdict = judge_exchange(with_status(429, "Retry-After: 2"), "", 20);
    CHECK(verdict.all.then == Then::resend);
    CHECK(verdict.too_fast);
    CHECK(verdict.wait == base::Milliseconds(2'000));
    CHECK(judge_exchange(with_status(425), "", 20).all.then == Then::resend);
    CHECK_FALSE(judge_exchange(with_status(425), "", 20).too_fast);
}

TEST_CASE("outcome rules: a status that every request would get stops the run") {
    for (const int status : {301, 307, 401, 403, 404, 405, 415}) {
        CAPTURE(status);
        const bulk::Decision decision = judge_exchange(with_status(status), "", 20).all;
        CHECK(decision.outcome == Outcome::refused);
        CHECK(decision.then == Then::stop);
        CHECK(decision.exit == (status < 400 ? base::Exit::redirected : base::Exit::client_error));
    }
}

TEST_CASE("outcome rules: a failure of the server leaves the outcome unknown") {
    for (const int status : {408, 500, 502, 503, 504, 418}) {
        CAPTURE(status);
        CHECK(judge_exchange(with_status(status), "", 20).all.outcome == Outcome::unknown);
        CHECK(judge_exchange(with_status(status), "", 20).all.then == Then::settle);
        CHECK(judge_exchange(with_status(status), "", 20).peer == Peer::strange);
    }
    CHECK(judge_exchange(with_status(502), "'<html>'", 1).all.why == "HTTP 502: '<html>'");
    CHECK(judge_exchange(with_status(502), "", 1).all.exit == base::Exit::server_error);
    CHECK(judge_exchange(with_status(200), "the reply is empty", 1).all.why == "the reply is empty");
    CHECK(judge_exchange(with_status(200), "the reply is empty", 1).all.exit == base::Exit::bad_reply);
}

TEST_CASE("outcome rules: a refused batch is split unless the rate of calls was refused") {
    CHECK(refusal(R"({"code":-32600,"message":"batch too large"})").all.then == Then::split);
    CHECK(refusal(R"({"code":-32005,"message":"Batched requests are not supported by this server"})")
              .all.then == Then::split);
    const bulk::Verdict limited =
        refusal(R"({"code":-32005,"message":"request rate limited","data":{"backoff_seconds":30}})");
    CHECK(limited.all.then == Then::resend);
    CHECK(limited.too_fast);
    CHECK(limited.wait == base::Milliseconds(30'000));
    CHECK(refusal(R"({"code":-32600,"message":"failed to generate"})").all.then == Then::split);
    CHECK(refusal(R"({"code":-32600,"message":"too many requests in batch"})").all.then == Then::split);
    CHECK(refusal(R"({"code":-32600,"message":"too many requests"})").all.then == Then::resend);
    CHECK(refusal(R"({"code":-32600,"message":"x"})", 20, 401).all.then == Then::stop);
}

TEST_CASE("outcome rules: the batch limit is read from the refusal, or else the batch is halved") {
    CHECK(refusal(
              R"j({"code":-32000,"message":"batch limit 100 exceeded (can increase by --rpc.batch.limit)"})j",
              401)
              .accepts == 100);
    CHECK(refusal(R"({"code":-32600,"message":"batch too large"})", 401).accepts == 200);
    CHECK(refusal(R"({"code":-32600,"message":"batch of 401 is over 50"})", 401).accepts == 50);
    CHECK(
        refusal(R"({"code":-32005,"message":"Batched requests are not supported by this server"})").accepts ==
        1);
    CHECK(refusal(R"({"code":-32010,"message":"no"})").accepts == 10);
    CHECK(refusal(R"({"code":-32600,"message":"Invalid Request"})").accepts == 0);
}

TEST_CASE("outcome rules: code -32005 has three meanings") {
    CHECK(call_error(R"({"code":-32005,"message":"limit exceeded"})").then == Then::resend);
    CHECK(call_error(R"({"code":-32005,"message":"block range too large"})").outcome == Outcome::error);
    CHECK(call_error(R"({"code":-32005,"message":"query returned more than 10000 results"})").outcome ==
          Outcome::error);
}

TEST_CASE("outcome rules: an error of one call is final unless it says that the call did not run") {
    const CallError limited = call_error(R"({"code":429,"message":"x"})");
    CHECK(limited.outcome == Outcome::refused);
    CHECK(limited.too_fast);
    CHECK(call_error(R"({"code":-32003,"message":"response too large"})").then == Then::alone);
    CHECK(call_error(R"({"code":-32003,"message":"response too large"})", 1).outcome == Outcome::error);
    CHECK(call_error(R"({"code":-32003,"message":"transaction rejected"})").outcome == Outcome::error);
    CHECK(call_error(R"({"code":-32008,"message":"Response is too big"})").outcome == Outcome::error);
    CHECK(call_error(R"({"code":-32002,"message":"request timed out"})").outcome == Outcome::unknown);
    CHECK(call_error(R"({"code":-32601,"message":"x"})").outcome == Outcome::error);
}

TEST_CASE("outcome rules: under 429, any error refuses the rate, and Retry-After says for how long") {
    const http::ReplyHead head = with_status(429, "Retry-After: 2").head;
    const rpc::ErrorObject plain = error(R"({"code":-32000,"message":"slow down"})");
    CHECK(judge_refusal(plain, head, 20).wait == base::Milliseconds(2'000));
    CHECK(judge_error(plain, 429, 1).too_fast);
    CHECK(asked_pause(error(R"({"code":1,"message":"x","data":{"backoff_seconds":5}})"), head) ==
          base::Milliseconds(5'000));
    CHECK_FALSE(asked_pause(plain, with_status(200, "Retry-After: 2").head));
}
