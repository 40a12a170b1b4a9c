// Servers that go on: hail decides how long it listens and how much it keeps.

#include <doctest/doctest.h>

#include <atomic>
#include <exception>
#include <string>
#include <vector>

#include "lib/http/compress.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

// Sends this again and again, until the client goes.
Step endless(std::string bytes) {
    return [bytes = std::move(bytes)](Connection& connection) {
        try {
            for (int i = 0; i < 1'000'000 && connection.open(); ++i) {
                connection.send(bytes);
            }
        } catch (const std::exception&) {
            return;  // the client has gone
        }
    };
}

Outcome rest_of(const Script& script, std::vector<std::string> more) {
    Peer peer({script});
    more.insert(more.begin(), peer.address("/x"));
    return rest(more);
}

}  // namespace

TEST_CASE("rest bounds: a view of a whole reply keeps no more than --max-reply") {
    const std::string body = "\"" + std::string(20'000, 'x') + "\"";
    for (const std::vector<std::string>& view :
         std::vector<std::vector<std::string>>{{"--sorted"},
                                               {"--envelope"},
                                               {"--expect", "body:==1"},
                                               {"--until", "body:==1"},
                                               {"--items", "[]"},
                                               {"--pick", "a"},
                                               {"--paginate"}}) {
        CAPTURE(view.front());
        std::vector<std::string> arguments = view;
        arguments.insert(arguments.end(), {"--max-reply", "10k"});
        const Outcome outcome = rest_of({read_request(), reply(body)}, arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.code == 9);
        CHECK(mentions(outcome.err, "larger than 10 KiB"));
        CHECK(mentions(outcome.err, "--max-reply"));
    }
}

TEST_CASE("rest bounds: a streamed body has no limit, and compressed bytes count as they unfold") {
    const std::string body(50'000, 'x');
    CHECK(rest_of({read_request(), reply(body)}, {"--max-reply", "10k"}).out == body);
    const std::string bomb = hail::http::compress(body, hail::http::Coding::gzip);
    REQUIRE(bomb.size() < 10'000);
    const Script script{read_request(), reply(bomb, "Content-Encoding: gzip\r\n")};
    CHECK(rest_of(script, {"--max-reply", "10k", "--envelope"}).code == 9);
}

TEST_CASE("rest bounds: an event without an end is refused, not swallowed") {
    const std::string piece = "data: " + std::string(4'000, 'x') + "\n";
    const Outcome outcome =
        rest_of({read_request(), send(events), endless(piece)}, {"--pick", "a", "--max-reply", "100k"});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "an event is larger than 100 KiB"));
    CHECK(mentions(outcome.err, "--max-reply"));
}

TEST_CASE("rest bounds: the time limit holds for a stream of events that is needed whole") {
    const Script script{read_request(), send(events + "data: 1\n\n"), stall()};
    CHECK(rest_of(script, {"--sorted", "--timeout", "300ms"}).code == 2);
    CHECK(rest_of(script, {"--expect", "a==1", "--timeout", "300ms"}).code == 2);
}

TEST_CASE("rest bounds: endless trailers are exit 9") {
    const Outcome outcome = rest_of({read_request(), send(chunked + "3\r\nabc\r\n0\r\n"),
                                     endless("X-A: " + std::string(900, 'x') + "\r\n")},
                                    {});
    CHECK(outcome.code == 9);
    CHECK(outcome.out == "abc");
    CHECK(mentions(outcome.err, "trailers"));
}

TEST_CASE("rest bounds: endless chunk extensions are exit 9") {
    const std::string extension(900, 'x');
    const Outcome one = rest_of({read_request(), send(chunked + "3\r\nabc\r\n1;"), endless(extension)}, {});
    CHECK(one.code == 9);
    CHECK(one.out == "abc");
    CHECK(mentions(one.err, "chunk extensions"));
    const Outcome many =
        rest_of({read_request(), send(chunked), endless("1;" + extension + "\r\na\r\n")}, {"-v"});
    CHECK(many.code == 9);
    CHECK(mentions(many.err, "chunk extensions"));
}

TEST_CASE("rest bounds: chunks of one byte and ordinary extensions are read") {
    std::string body;
    for (int i = 0; i < 50'000; ++i) {
        body += "0000000000000001\r\na\r\n";
    }
    const Outcome small = rest_of({read_request(), send(chunked + body + "0\r\n\r\n")}, {});
    CHECK(small.code == 0);
    CHECK(small.out == std::string(50'000, 'a'));
    const std::string chunk =
        "2000;chunk-signature=" + std::string(64, 'f') + "\r\n" + std::string(8192, 'b') + "\r\n";
    std::string signed_body;
    for (int i = 0; i < 1'000; ++i) {
        signed_body += chunk;
    }
    Peer peer({{read_request(), send(chunked + signed_body + "0\r\n\r\n")}});
    CHECK(rest({peer.address("/x")}).out.size() == 8'192'000);
}

TEST_CASE("rest bounds: redirects share one time limit") {
    const auto slow = [](const Received&) { return http_answer("", "Location: /x\r\n", "302 Found"); };
    Peer peer(always(slow), Peer::Others::repeat);
    const Outcome outcome =
        rest({peer.address("/x"), "-L", "--max-redirects", "1000000000", "--timeout", "500ms"});
    CHECK(outcome.code == 2);
}

TEST_CASE("rest bounds: a redirect with an endless body is exit 9") {
    const std::string head = "HTTP/1.1 302 Found\r\nLocation: /y\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    const Outcome outcome = rest_of({read_request(), send(head), endless(chunk)}, {"-L"});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "larger than 16 MiB"));
}

TEST_CASE("rest bounds: a series of pages that comes again is exit 9, however pages are counted") {
    for (const std::string counted : {"--page", "--offset"}) {
        for (const int length : {2, 3}) {
            int asked = 0;
            const auto turning = [&](const Received&) {
                return http_answer("[{\"id\":" + std::to_string(asked++ % length) + "}]");
            };
            Peer peer(always(turning), Peer::Others::repeat);
            const Outcome outcome = rest({peer.address("/list"), counted, "p", "--items", "[]"});
            CAPTURE(outcome.err);
            CHECK(outcome.code == 9);
            const std::string number = std::to_string(length);
            CHECK(mentions(outcome.err,
                           "the last " + number + " pages are the same as the " + number + " before them"));
            CHECK(asked == 2 * length);
        }
    }
}

TEST_CASE("rest bounds: a page may come again in another series") {
    int asked = 0;
    const std::vector<std::string> pages{"[1]", "[0]", "[1]", "[2]", "[0]", "[1]", "[]"};
    const auto next = [&](const Received&) {
        return http_answer(pages.at(static_cast<std::size_t>(asked++)));
    };
    Peer peer(always(next), Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/list"), "--page", "p", "--items", "[]"});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(outcome.out == "1\n0\n1\n2\n0\n1\n");
}

TEST_CASE("rest bounds: a page that comes again is exit 9, however pages are counted") {
    const auto same = [](const Received&) { return http_answer("{\"data\": [1, 2]}"); };
    for (const std::string counted : {"--page", "--offset"}) {
        Peer peer(always(same), Peer::Others::repeat);
        const Outcome outcome = rest({peer.address("/list"), counted, "p", "--items", "data"});
        CHECK(outcome.code == 9);
        CHECK(outcome.out == "1\n2\n");
        CHECK(mentions(outcome.err, "it is the same as the page before"));
        CHECK(mentions(outcome.err, "query parameter 'p'"));
    }
}

TEST_CASE("rest bounds: a new link each time to the same page is exit 9") {
    std::atomic<int> count = 0;
    Peer peer(always([&count](const Received&) {
                  return http_answer("[1]", "Link: </" + std::to_string(++count) + ">; rel=next\r\n");
              }),
              Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 9);
    CHECK(outcome.out == "[1]\n");
}

TEST_CASE("rest bounds: a list that is null is an empty page") {
    const auto give = [](const Received& request) {
        return http_answer(request.line().find("p=2") == std::string::npos ? R"({"data":[1]})"
                                                                           : R"({"data":null})");
    };
    Peer peer(always(give), Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/list"), "--page", "p", "--items", "data"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "1\n");
}

TEST_CASE(
    "rest bounds: connections that a server half-closes are repeated once each, as often as they come") {
    std::atomic<int> asked = 0;
    const auto give = [&asked](Connection& connection) {
        Received request;
        if (connection.read_request(request)) {
            ++asked;
            connection.send(http_answer("", "Location: /x\r\n", "302 Found"));
            connection.finish_sending();
            connection.wait_for_end();
        }
    };
    Peer peer({{give}}, Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/x"), "-L", "--max-redirects", "20"});
    CHECK(outcome.code == 6);
    CHECK(asked == 21);
}
