// Replies that are cut at any byte: no option turns one into a success.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "lib/http/compress.h"
#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/http2.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/tls.h"

using namespace hail::support;
using hail::http::Coding;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
const std::string document = R"({"a":[1]})";

// A reply with the right length, whose coding lacks its last bytes.
std::string coded(const std::string& name, Coding coding, std::size_t missing) {
    const std::string whole = hail::http::compress(document, coding);
    const std::string body = whole.substr(0, whole.size() - missing);
    return ok + "Content-Encoding: " + name + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

struct Cut {
    std::string where;
    std::string reply;
    const char* said;
    Step end = cut();
};

const std::vector<Cut>& cuts() {
    static const std::vector<Cut> all{
        {"before a byte", "", "without an answer"},
        {"before a byte, by a reset", "", "broke after the request was sent", reset()},
        {"in the head", ok, "its head is incomplete"},
        {"in the head, by a reset", ok, "broke in the middle of the reply", reset()},
        {"behind an interim reply", "HTTP/1.1 103 Early Hints\r\n\r\n", "without an answer"},
        {"before the body", ok + "Content-Length: 10\r\n\r\n", "0 of 10 bytes came"},
        {"in the body", ok + "Content-Length: 10\r\n\r\n" + document, "9 of 10 bytes came"},
        {"in the body, beside the identity coding",
         ok + "Transfer-Encoding: identity\r\nContent-Length: 10\r\n\r\n" + document, "9 of 10 bytes came"},
        {"in the body, by a reset", ok + "Content-Length: 10\r\n\r\n" + document, "the connection broke",
         reset()},
        {"without a chunk", chunked, "cut"},
        {"in a chunk's size", chunked + "9", "cut"},
        {"in a chunk", chunked + "a\r\n" + document, "cut"},
        {"behind a chunk", chunked + "9\r\n" + document + "\r\n", "cut"},
        {"in the last chunk", chunked + "9\r\n" + document + "\r\n0\r\n", "cut"},
        {"in the trailers", chunked + "9\r\n" + document + "\r\n0\r\nX-Sum: 1\r\n", "cut"},
        {"in gzip", coded("gzip", Coding::gzip, 12), "its compressed body is incomplete"},
        {"in gzip's check sum", coded("gzip", Coding::gzip, 3), "its compressed body is incomplete"},
        {"in deflate", coded("deflate", Coding::deflate, 8), "its compressed body is incomplete"},
        {"in deflate's check sum", coded("deflate", Coding::deflate, 1),
         "its compressed body is incomplete"}};
    return all;
}

Outcome rest_in(const TemporaryDirectory& folder, const Script& script, std::vector<std::string> arguments,
                const std::string& scheme = "http") {
    Peer peer({script});
    arguments.insert(arguments.begin(), {"rest", scheme + "://" + peer.address("/x.json")});
    Command command = hail_command(arguments);
    command.directory = folder.path();
    return run(command);
}

}  // namespace

TEST_CASE("truncation: a reply cut at any byte is exit 8 with an explanation") {
    const TemporaryDirectory folder;
    for (const Cut& one : cuts()) {
        CAPTURE(one.where);
        const Outcome outcome = rest_in(folder, {read_request(), send(one.reply), one.end}, {});
        CAPTURE(outcome.err);
        CHECK(outcome.code == 8);
        CHECK(outcome.err.find(one.said) != std::string::npos);
        CHECK(document.starts_with(outcome.out));
    }
}

TEST_CASE("truncation: no view, file or list turns a truncated reply into a success") {
    const TemporaryDirectory folder;
    for (const Cut& one : cuts()) {
        CAPTURE(one.where);
        for (const std::vector<std::string>& view :
             std::vector<std::vector<std::string>>{{"--pick", "a"},
                                                   {"--items", "a"},
                                                   {"--envelope"},
                                                   {"--sorted"},
                                                   {"--headers"},
                                                   {"--meta"},
                                                   {"--pretty", "format"},
                                                   {"--expect", "status==200"},
                                                   {"--paginate"},
                                                   {"-o", "x.json"},
                                                   {"-O"}}) {
            CAPTURE(view.front());
            CHECK(rest_in(folder, {read_request(), send(one.reply), one.end}, view).code == 8);
            CHECK_FALSE(folder.has("x.json"));
        }
    }
}

TEST_CASE("truncation: a download keeps the bytes that arrived") {
    const TemporaryDirectory folder;
    const Outcome outcome =
        rest_in(folder, {read_request(), send(ok + "Content-Length: 10\r\n\r\n" + document), cut()}, {"-O"});
    CHECK(outcome.code == 8);
    CHECK(read_file(folder.path("x.json.part")) == document);
}

TEST_CASE("truncation: a reply delimited only by the end of its connection is complete") {
    const TemporaryDirectory folder;
    CHECK(rest_in(folder, {read_request(), send(ok + "\r\n" + document), cut()}, {}).code == 0);
    CHECK(rest_in(folder, {read_request(), send(ok + "\r\n" + document), reset()}, {}).code == 8);
}

// Source: RFC 9112 9.8: an incomplete close means an incomplete message, unless the message itself shows that
//         it is complete.
TEST_CASE("truncation: without close_notify a reply without a length is truncated") {
    const TemporaryDirectory folder;
    const Certificates certificates = make_certificates(folder.path());
    const struct {
        std::string name;
        std::string reply;
        Step end;
        int code;
    } cases[] = {
        {"no length, a close_notify", ok + "\r\n" + document, cut(), 0},
        {"no length, none", ok + "\r\n" + document, drop(), 8},
        {"no length, a reset", ok + "\r\n" + document, reset(), 8},
        {"a length", ok + "Content-Length: 9\r\n\r\n" + document, drop(), 0},
        {"a length that was not reached", ok + "Content-Length: 10\r\n\r\n" + document, drop(), 8},
        {"chunks", chunked + "9\r\n" + document + "\r\n0\r\n\r\n", drop(), 0},
        {"chunks without the last one", chunked + "9\r\n" + document + "\r\n", drop(), 8},
        {"no answer", "", drop(), 8},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const Outcome outcome = rest_in(folder, {tls(certificates), read_request(), send(one.reply), one.end},
                                        {"--cacert", certificates.ca}, "https");
        CAPTURE(outcome.err);
        CHECK(outcome.code == one.code);
        CHECK((one.code == 8 || outcome.out == document));
    }
}

namespace {

const std::string whole_gzip = hail::http::compress(document, Coding::gzip);

// The HTTP/2 bytes sent at once, those sent after the first were read, and the exit status of hail.
struct Stream {
    std::string name;
    std::string first;
    Step then;
    int code;
};

std::vector<Stream> streams() {
    constexpr std::uint32_t no_error = 0;
    constexpr std::uint32_t internal_error = 2;
    const std::string part = http2_head() + http2_data(document);
    const std::string measured = http2_head({.content_length = 99}) + http2_data(document);
    return {{"a length", http2_head({.content_length = 9}), send(http2_data(document, Http2::ends)), 0},
            {"gzip", http2_head({.coding = "gzip"}), send(http2_data(whole_gzip, Http2::ends)), 0},
            {"no length", part, send(http2_data("", Http2::ends)), 8},
            {"no length, reset", part, send(http2_reset(internal_error)), 8},
            {"no length, reset without an error", part, send(http2_reset(no_error)), 8},
            {"no length, the connection goes", part, send(http2_goaway(internal_error)), 8},
            {"no length, closed", part, cut(), 8},
            {"no length, broken", part, reset(), 8},
            {"length, reset", measured, send(http2_reset(internal_error)), 8},
            {"length, reset without an error", measured, send(http2_reset(no_error)), 8},
            {"length, ended", measured, send(http2_data("", Http2::ends)), 8},
            {"length, closed", measured, cut(), 8},
            {"gzip, reset", http2_head({.coding = "gzip"}) + http2_data(whole_gzip.substr(0, 15)),
             send(http2_reset(no_error)), 8}};
}

}  // namespace

TEST_CASE("truncation: a reset HTTP/2 stream is an error, even if libcurl does not report it") {
    const TemporaryDirectory folder;
    const Certificates certificates = make_certificates(folder.path());
    for (const Stream& one : streams()) {
        const TemporaryDirectory downloads;
        CAPTURE(one.name);
        const Script script{read_http2_request(), send(one.first), await_http2_client(), one.then};
        Script secure = script;
        secure.insert(secure.begin(), tls(certificates, "h2"));
        const Outcome plain = rest_in(folder, script, {"--http2"});
        CAPTURE(plain.err);
        CHECK(plain.code == one.code);
        CHECK(rest_in(downloads, secure, {"--http2", "--cacert", certificates.ca, "-O"}, "https").code ==
              one.code);
        CHECK(downloads.has("x.json") == (one.code == 0));
    }
}
