#include "lib/rpc/result_stream.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/rpc/reply.h"

using namespace hail::rpc;

namespace {

struct Streamed {
    std::string passed_on;
    std::string rest;
    std::string fault;
};

// The reply fed in pieces of this size, with up to 4 bytes of a result held.
Streamed stream(const std::string& reply, std::size_t piece) {
    Streamed streamed;
    ResultStream results(4, [&](std::string_view bytes) { streamed.passed_on += bytes; });
    for (std::size_t at = 0; at < reply.size(); at += piece) {
        results.feed(std::string_view(reply).substr(at, piece));
    }
    streamed.fault = results.finish();
    streamed.rest = results.text();
    return streamed;
}

}  // namespace

TEST_CASE("result stream: a large result is passed on, and the rest is kept") {
    struct Case {
        std::string reply;
        std::string passed_on;
        std::string rest;
    };
    const std::vector<Case> cases{
        {R"({"id":1,"result":[1,{"a":"]}"}],"error":null})", R"([1,{"a":"]}"}])",
         R"({"id":1,"result":0,"error":null})"},
        {"{ \"result\" : \"a\\\"b,}\\\\\" , \"id\":1}", R"("a\"b,}\\")", R"({ "result" : 0 , "id":1})"},
        {R"({"result":1234567})", "", R"({"result":1234567})"},
        {R"({"r\u0065sult":[1,2,3] })", "[1,2,3]", R"({"r\u0065sult":0 })"},
        {R"({"result":1,"id":1})", "", R"({"result":1,"id":1})"},
        {R"({"a":{"result":[1,2,3]},"id":"result"})", "", R"({"a":{"result":[1,2,3]},"id":"result"})"},
        {R"([{"result":"long enough"}])", "", R"([{"result":"long enough"}])"},
        {R"({"result":1,"result":"long enough"})", R"("long enough")", R"({"result":1,"result":0})"},
        {"no JSON: {", "", "no JSON: {"},
        {"{\"result\":[1,2,3", "[1,2,3", "{\"result\":"},
        {"", "", ""},
    };
    for (const Case& one : cases) {
        for (std::size_t piece = 1; piece < 12; ++piece) {
            CAPTURE(one.reply);
            CAPTURE(piece);
            const Streamed streamed = stream(one.reply, piece);
            CHECK(streamed.passed_on == one.passed_on);
            CHECK(streamed.rest == one.rest);
            CHECK(streamed.fault.empty());
        }
    }
}

TEST_CASE("result stream: the rest is judged as a reply, and an error after the result counts") {
    const Streamed error = stream(R"({"id":7,"result":"abcdefgh","error":{"code":1,"message":"m"}})", 3);
    CHECK(read_reply(error.rest, "7").kind == Reply::Kind::error);
    const Streamed other = stream(R"({"result":"abcdefgh","id":8})", 3);
    CHECK(read_reply(other.rest, "7").kind == Reply::Kind::problem);
    const Streamed cut = stream(R"({"id":7,"result":["abcdefgh")", 3);
    CHECK(read_reply(cut.rest, "7").kind == Reply::Kind::problem);
}

TEST_CASE("result stream: a result that is not JSON or comes twice is a fault") {
    CHECK(stream(R"({"id":7,"result":[1,2,3}})", 5).fault == "its result is not valid JSON");
    CHECK(stream(R"({"id":7,"result":[1,nul,2]})", 5).fault == "its result is not valid JSON");
    CHECK(stream(R"({"id":7,"result":"abcdef","result":1})", 5).fault == "it has two results");
}
