#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "lib/http/compress.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail::support;

// The replies that servers were seen to give, as one call sees them: the number of the case, the reply, and
// what becomes of it. tests/data/rpc_reply.cases has more forms of the JSON itself.

namespace {

struct Case {
    std::string name;
    std::string body;
    int code = 0;
    std::string out{};  // without its newline
    std::string err{};  // a part of it; empty: nothing is said
    std::string status = "200 OK";
    std::string headers{};
    std::vector<std::string> options{};
};

const std::string id7 = R"({"jsonrpc":"2.0","id":7,)";
const std::string json_type = "Content-Type: application/json\r\n";

const std::vector<Case> cases{
    {"1 key order", id7 + R"("result":{"b":1,"a":2}})", 0, R"({"b":1,"a":2})"},
    {"2 null", id7 + R"("result":null})", 0, "null"},
    {"3 escapes", id7 + R"("result":"t\u00e4"})", 0, R"("t\u00e4")"},
    {"3 raw", id7 + R"("result":"t\u00e4"})", 0, "tä", "", "200 OK", "", {"-r"}},
    {"4 large integer", id7 + R"("result":9007199254740993})", 0, "9007199254740993"},
    {"5 long number", id7 + R"("result":12345678901234567890123.4500})", 0, "12345678901234567890123.4500"},
    {"6 duplicate keys", id7 + R"("result":{"k":1,"k":2}})", 0, R"({"k":1,"k":2})"},
    {"7 id 7.0", R"({"jsonrpc":"2.0","id":7.0,"result":1})", 0, "1", "warning"},
    {"8 id as string", R"({"jsonrpc":"2.0","id":"7","result":1})", 0, "1", "warning"},
    {"9 another id", R"({"jsonrpc":"2.0","id":8,"result":1})", 9, "", "another request"},
    {"10 id null", R"({"jsonrpc":"2.0","id":null,"result":1})", 0, "1", "warning"},
    {"11 id null, parse error", R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"P"}})", 1, "",
     "error -32700: P"},
    {"12 no version", R"({"id":7,"result":1})", 0, "1", "warning"},
    {"13 form of 1.x", R"({"id":7,"result":5,"error":null})", 0, "5"},
    {"14 error of 1.x", R"({"id":7,"result":null,"error":{"code":-5,"message":"I"}})", 1, "", "error -5: I",
     "500 Internal Server Error"},
    {"15 result and error", id7 + R"("result":5,"error":{"code":1,"message":"m"}})", 1, "",
     "the error counts"},
    {"16 neither", R"({"jsonrpc":"2.0","id":7})", 9, "", "neither a result nor an error"},
    {"17 error as string", id7 + R"("error":"boom"})", 1, "", "error: boom"},
    {"19 code that is 0 as an exit status", id7 + R"("error":{"code":-32000,"message":"m"}})", 1, "",
     "error -32000"},
    {"20 control characters", id7 + R"("error":{"code":1,"message":"\u001b[2J"}})", 1, "", "\\x1b[2J"},
    {"21 error under 400", id7 + R"("error":{"code":1,"message":"m"}})", 1, "", "error 1", "400 Bad Request"},
    {"22 page under 404", "<html><title>Not here</title>", 4, "", "HTTP 404 Not Found: 'Not here'",
     "404 Not Found"},
    {"23 page under 502", "<html>Bad", 5, "", "the call may have been executed", "502 Bad Gateway"},
    {"24 login", "", 4, "", "Basic realm=\"r\"", "401 Unauthorized",
     "WWW-Authenticate: Basic realm=\"r\"\r\n"},
    {"26 limit without retries", id7 + R"("error":{"code":-32005,"message":"limit"}})", 1, "", "error -32005",
     "429 Too Many Requests"},
    {"28 unavailable", "", 5, "", "the call may have been executed", "503 Service Unavailable"},
    {"29 elsewhere", "", 3, "", "it points to http://other.example/", "307 Temporary Redirect",
     "Location: http://other.example/\r\n"},
    {"30 empty", "", 9, "", "the reply is empty; the call may have been executed"},
    {"33 error to a notification",
     R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"I"}})",
     1,
     "",
     "notifying m: error -32600",
     "400 Bad Request",
     "",
     {"--notify"}},
    {"34 plain text",
     id7 + R"("result":1})",
     0,
     "1",
     "",
     "200 OK",
     "Content-Type: text/plain\r\n",
     {"--strict"}},
    {"35 page as JSON", "<html>Login", 9, "", "an HTML page, not JSON: 'Login'", "200 OK", json_type},
    {"35 page as JSON under 403", "<html>Login", 4, "", "HTTP 403 Forbidden: 'Login'", "403 Forbidden",
     json_type},
    {"36 events", ": c\n\ndata: {\"method\":\"log\"}\n\ndata: " + id7 + "\"result\":1}\n\n", 0, "1",
     "message from the server: {\"method\":\"log\"}"},
    {"37 data in two lines", "data: " + id7 + "\ndata: \"result\":1}\n\n", 0, "1"},
    {"38 byte order mark", "\xEF\xBB\xBF" + id7 + "\"result\":1}", 0, "1", "byte order mark"},
    {"39 line feeds", id7 + "\"result\":1}\n\n", 0, "1"},
    {"40 two values", id7 + "\"result\":1}" + id7 + "\"result\":1}", 9, "", "not JSON"},
    {"43 lone surrogate", id7 + R"("result":"\ud800"})", 0, R"("\ud800")"},
    {"44 nested", id7 + "\"result\":" + std::string(5'000, '[') + std::string(5'000, ']') + "}", 0,
     std::string(5'000, '[') + std::string(5'000, ']')},
    {"44 nested too deeply", id7 + "\"result\":" + std::string(1'000'000, '['), 9, "", "too deep"},
    {"45 above the limit",
     id7 + "\"result\":\"" + std::string(70'000, 'x') + "\"}",
     9,
     "",
     "larger than 64 KiB",
     "200 OK",
     "",
     {"--max-reply", "64K"}},
    {"47 number", "42", 9, "", "not an object"},
    {"47 null", "null", 9, "", "not an object"},
    {"47 string", "\"x\"", 9, "", "not an object"},
    {"77 failure in a result",
     id7 + R"("result":{"isError":true}})",
     10,
     R"({"isError":true})",
     "isError is true",
     "200 OK",
     "",
     {"--expect", "isError==false"}},
};

}  // namespace

TEST_CASE("rpc cases: every reply of the table becomes what it should, and the call is sent once") {
    for (const Case& one : cases) {
        CAPTURE(one.name);
        Peer peer({answer(one.body, one.status, one.headers), answer(one.body, one.status, one.headers)});
        std::vector<std::string> options = one.options;
        if (options != std::vector<std::string>{"--notify"}) {
            options.insert(options.end(), {"--id", "7"});
        }
        const Outcome outcome = call(peer, options);
        CHECK(outcome.code == one.code);
        CHECK(outcome.out == (one.out.empty() ? "" : one.out + "\n"));
        CHECK((one.err.empty() ? outcome.err.empty() : mentions(outcome.err, one.err)));
        CHECK(peer.received().size() == 1);
    }
}

TEST_CASE("rpc cases: a tolerated fault is exit 9 with --strict, and nothing else is") {
    for (const Case& one : cases) {
        if (one.code != 0 || !one.options.empty()) {
            continue;
        }
        CAPTURE(one.name);
        const bool is_fault = mentions(one.err, "warning") || mentions(one.err, "byte order mark") ||
                              one.name == "13 form of 1.x";
        Peer peer({answer(one.body, one.status, one.headers)});
        CHECK(call(peer, {"--strict", "--id", "7"}).code == (is_fault ? 9 : 0));
    }
}

TEST_CASE("rpc cases: 46, a compressed reply is decoded, and stopped at the limit") {
    const std::string reply_text = id7 + "\"result\":\"" + std::string(5'000'000, 'x') + "\"}";
    const std::string small = hail::http::compress(reply_text, hail::http::Coding::gzip);
    CHECK(small.size() < 10'000);
    Peer peer({answer(small, "200 OK", "Content-Encoding: gzip\r\n"),
               answer(small, "200 OK", "Content-Encoding: gzip\r\n")});
    CHECK(call(peer, {"--id", "7"}).out.size() == 5'000'003);
    CHECK(call(peer, {"--id", "7", "--max-reply", "1M"}).code == 9);
}
