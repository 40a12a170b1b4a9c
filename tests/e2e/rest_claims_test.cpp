// Replies whose heads claim what is not so, and heads that break HTTP.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/http/compress.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

// One request that is answered with these bytes, and the end of the connection.
Outcome rest_of(const std::string& bytes, std::vector<std::string> more = {}) {
    Peer peer({{read_request(), send(bytes), cut()}});
    more.insert(more.begin(), peer.address("/x"));
    return rest(more);
}

std::string partial(const std::string& range, const std::string& body) {
    return http_answer(body, "Content-Range: " + range + "\r\n", "206 Partial Content");
}

}  // namespace

TEST_CASE("rest claims: a part that was not asked for is printed, and exit 9") {
    for (const std::vector<std::string>& view : std::vector<std::vector<std::string>>{
             {}, {"--sorted"}, {"--pretty", "format"}, {"--no-check-status"}}) {
        const Outcome outcome = rest_of(partial("bytes 5-7/100", "123"), view);
        CHECK(outcome.code == 9);
        CHECK(mentions(outcome.out, "123"));
        CHECK(mentions(outcome.err, "206, but no part was asked for"));
    }
    CHECK(rest_of(partial("bytes 5-7/100", "123"), {"--pick", "[]"}).code == 9);
    CHECK(rest_of(partial("bytes 5-7/100", "[1]"), {"--paginate"}).code == 9);
}

TEST_CASE("rest claims: a 206 that nobody asked for says whether the whole came") {
    const Outcome whole = rest_of(partial("bytes 0-2/3", "123"));
    CHECK(whole.code == 9);
    CHECK(whole.out == "123");
    CHECK(mentions(whole.err, "the reply says that the body is complete"));
    CHECK_FALSE(mentions(whole.err, "only a part"));
    CHECK(mentions(rest_of(partial("bytes 0-2/4", "123")).err, "only a part of what was asked for"));
}

TEST_CASE("rest claims: a download says why it does not save a part") {
    const TemporaryDirectory folder;
    const std::string file = folder.path("f");
    const Outcome unasked = rest_of(partial("bytes 0-2/3", "123"), {"-O", "-o", file});
    CHECK(unasked.code == 9);
    CHECK(mentions(unasked.err, "206, but no part was asked for; nothing was saved"));
    const Outcome asked = rest_of(partial("bytes 0-2/9", "123"), {"-O", "-o", file, "Range:bytes=0-2"});
    CHECK(asked.code == 9);
    CHECK(mentions(asked.err, "--download saves whole files; nothing was saved"));
    CHECK_FALSE(folder.has("f"));
}

TEST_CASE("rest claims: a reply without a body can state a length") {
    const std::string empty = "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n";
    const TemporaryDirectory folder;
    const Outcome saved = rest_of(empty, {"-O", "-o", folder.path("f")});
    CHECK_MESSAGE(saved.code == 0, saved.err);
    CHECK(read_file(folder.path("f")).empty());
    CHECK(rest_of(empty).code == 0);
    CHECK(rest_of(empty, {"--envelope"}).code == 0);
}

TEST_CASE("rest claims: a part is judged by the range that was typed") {
    const auto code = [](const std::string& range, const std::string& answer) {
        return rest_of(answer, {"Range:" + range}).code;
    };
    CHECK(code("bytes=5-7", partial("bytes 5-7/100", "abc")) == 0);
    CHECK(code("bytes=5-", partial("bytes 5-7/8", "abc")) == 0);
    CHECK(code("bytes=-3", partial("bytes 5-7/8", "abc")) == 0);
    CHECK(code("bytes=0-2", partial("bytes 5-7/100", "abc")) == 9);
    CHECK(code("bytes=5-7", partial("bytes 5-8/100", "abcd")) == 9);
    CHECK(code("bytes=5-7", partial("bytes 5-7/100", "ab")) == 9);
    CHECK(code("bytes=5-7", http_answer("abc", {}, "206 Part")) == 9);
    CHECK(code("bytes=5-7", http_answer("abc")) == 0);
}

TEST_CASE("rest claims: a body of an unknown coding comes as it is, with a warning") {
    for (const std::string coding : {"UTF-8", "none", "br", "gzip, gzip", "zstd, br"}) {
        CAPTURE(coding);
        const Outcome outcome = rest_of(http_answer("hello", "Content-Encoding: " + coding + "\r\n"));
        CHECK(outcome.code == 0);
        CHECK(outcome.out == "hello");
        CHECK(mentions(outcome.err, "passed on undecoded"));
    }
}

TEST_CASE("rest claims: identity does not count as a coding, and gzip is decoded beside it") {
    const std::string packed = hail::http::compress("hello", hail::http::Coding::gzip);
    for (const std::string coding : {"identity, gzip", "x-gzip", "gzip,"}) {
        const Outcome outcome = rest_of(http_answer(packed, "Content-Encoding: " + coding + "\r\n"));
        CHECK(outcome.out == "hello");
        CHECK(outcome.err.empty());
    }
    CHECK(rest_of(http_answer("hello", "Content-Encoding: identity\r\n")).err.empty());
    CHECK(rest_of(http_answer("hello", "Content-Encoding: br\r\n"), {"Accept-Encoding:br"}).err.empty());
}

TEST_CASE("rest claims: a plain body is not advised if it was asked for already") {
    const std::string damaged = http_answer("hello", "Content-Encoding: gzip\r\n");
    CHECK(mentions(rest_of(damaged).err, "Accept-Encoding:identity"));
    const Outcome outcome = rest_of(damaged, {"Accept-Encoding:identity"});
    CHECK(outcome.code == 9);
    CHECK_FALSE(mentions(outcome.err, "Accept-Encoding:identity"));
}

TEST_CASE("rest claims: a head that breaks HTTP is exit 9, with the reason") {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const struct {
        std::string reply;
        const char* said;
    } cases[] = {
        {ok + "Content-Length : 3\r\n\r\nab", "there is white space before the colon of 'Content-Length'"},
        {ok + "Transfer-Encoding\t: chunked\r\n\r\n3\r\nabc\r\n", "before the colon of 'Transfer-Encoding'"},
        {ok + " X-A: b\r\nContent-Length: 3\r\n\r\nabc", "begins with white space"},
        {ok.substr(0, 13) + std::string(300'000, 'x'), "head is too large"},
        {"HTTP/2 200\r\n\r\nabc", "says HTTP/2 on a connection that speaks HTTP/1.1"},
        {ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "the reply breaks HTTP"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.said);
        const Outcome outcome = rest_of(one.reply);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 9);
        CHECK(mentions(outcome.err, one.said));
        CHECK_FALSE(mentions(outcome.err, "--http2"));
    }
}

TEST_CASE("rest claims: rpc and batch warn of a length beside chunks too") {
    const std::string body = R"({"jsonrpc":"2.0","id":1,"result":7})";
    const Step both =
        send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n23\r\n" + body +
             "\r\n0\r\n\r\n");
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"rpc", "m"}, {"batch", "--method", "m", "--chunk", "1"}}) {
        Peer peer({{read_request(), both, read_request(), both}});
        std::vector<std::string> all{words.front(), peer.address("")};
        all.insert(all.end(), words.begin() + 1, words.end());
        const Outcome outcome = hail::support::hail(all, "[1]\n");
        CHECK_MESSAGE(outcome.code == 0, outcome.err);
        CHECK_MESSAGE(mentions(outcome.err, "the reply has both Content-Length and Transfer-Encoding"),
                      outcome.err);
    }
}

TEST_CASE("rest claims: a length beside chunks does not count, in files either") {
    const std::string both =
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n";
    const Outcome plain = rest_of(both);
    CHECK(plain.out == "abcde");
    CHECK(mentions(plain.err, "warning: the reply has both Content-Length and Transfer-Encoding"));
    CHECK(rest_of(both, {"-q"}).err.empty());
    const TemporaryDirectory folder;
    CHECK(rest_of(both, {"-O", "-o", folder.path("f")}).code == 0);
    CHECK(read_file(folder.path("f")) == "abcde");
    const Outcome broken = rest_of(both.substr(0, both.size() - 5));
    CHECK(broken.code == 8);
    CHECK_FALSE(mentions(broken.err, "of 3 bytes"));
}

TEST_CASE("rest claims: trailers are shown by -v") {
    const Outcome outcome = rest_of(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Api-Key: "
        "s3\r\n\r\n",
        {"-v"});
    CHECK(outcome.out == "abc");
    CHECK(mentions(outcome.err, "< X-Sum: 1\n"));
    CHECK_FALSE(mentions(outcome.err, "s3"));
}

TEST_CASE("rest claims: a body that is not the JSON it looks like is not indented in part") {
    const std::string body = R"({"a":NaN, "b":[1]})";
    CHECK(rest_of(http_answer(body, "Content-Type: application/json\r\n"), {"--pretty", "format"}).out ==
          body);
    CHECK(rest_of(http_answer(R"({"a":1})"), {"--pretty", "format"}).out == "{\n    \"a\": 1\n}\n");
}
