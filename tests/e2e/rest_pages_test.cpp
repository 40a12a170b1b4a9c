// The pages of a list.

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

// Three pages of two elements, linked in every supported way.
std::string list_page(const Received& request) {
    const std::string line = request.line();
    const std::size_t at = line.find("p=");
    const int page = at == std::string::npos ? 1 : line[at + 2] - '0';
    const bool last = page >= 3;
    const std::string next = last ? "null" : "\"/list?p=" + std::to_string(page + 1) + "\"";
    const std::string link = last ? "" : "Link: </list?p=" + std::to_string(page + 1) + ">; rel=\"next\"\r\n";
    const std::string number = std::to_string(page);
    const std::string items = page > 3 ? "" : number + ".10," + number + ".20";
    return http_answer("{\"data\": [" + items + "], \"next\": " + next + "}", link);
}

const std::string all_elements = "1.10\n1.20\n2.10\n2.20\n3.10\n3.20\n";

}  // namespace

TEST_CASE("rest pages: every paging mode prints every element") {
    Peer peer(always(list_page), Peer::Others::repeat);
    const std::string address = peer.address("/list");
    CHECK(rest({address, "--paginate", "--items", "data"}).out == all_elements);
    CHECK(rest({address, "--next", "next", "--items", "data[]"}).out == all_elements);
    CHECK(rest({address, "--page", "p", "--items", "data"}).out == all_elements);
}

TEST_CASE("rest pages: --array prints valid JSON even if a page is missing") {
    Peer peer(always(list_page), Peer::Others::repeat);
    CHECK(rest({peer.address("/list"), "--paginate", "--items", "data", "--array"}).out ==
          "[\n1.10,\n1.20,\n2.10,\n2.20,\n3.10,\n3.20\n]\n");
    Peer broken(always([](const Received& request) {
                    return request.line().find("p=2") == std::string::npos
                               ? list_page(request)
                               : http_answer("sorry", {}, "500 No");
                }),
                Peer::Others::repeat);
    const Outcome outcome = rest({broken.address("/list"), "--paginate", "--items", "data", "--array"});
    CHECK(outcome.code == 5);
    CHECK(outcome.out == "[\n1.10,\n1.20\n]\n");
    CHECK(outcome.err.find("incomplete list: stopped after page") != std::string::npos);
    CHECK(outcome.err.find("sorry") != std::string::npos);
}

TEST_CASE("rest pages: a page at another origin is not requested, and the list is incomplete") {
    Peer other({{read_request(), reply("{}")}});
    Peer peer(always([&](const Received&) {
                  return http_answer(
                      "[1]", "Link: <http://localhost:" + std::to_string(other.port()) + "/>; rel=next\r\n");
              }),
              Peer::Others::repeat);
    const Outcome outcome = rest({peer.address(), "--paginate", "-u", "ada:pw"});
    CHECK(outcome.code == 9);
    CHECK(outcome.out == "[1]\n");
    CHECK(outcome.err.find("another origin") != std::string::npos);
    CHECK(other.connections() == 0);
}

TEST_CASE("rest pages: --max-pages stops and names the next page") {
    Peer peer(always(list_page), Peer::Others::repeat);
    const Outcome outcome =
        rest({peer.address("/list"), "--paginate", "--items", "data", "--max-pages", "2"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "1.10\n1.20\n2.10\n2.20\n");
    CHECK(outcome.err.find("/list?p=3") != std::string::npos);
}

TEST_CASE("rest pages: a cycle of pages is an error") {
    Peer peer(always([](const Received& request) {
                  const bool a = request.line().find("p=a") != std::string::npos;
                  return http_answer("[1]", std::string("Link: <?p=") + (a ? "b" : "a") + ">; rel=next\r\n");
              }),
              Peer::Others::repeat);
    CHECK(rest({peer.address(), "--paginate"}).code == 9);
}

// --- rate limits -------------------------------------------------------------------------------------------

TEST_CASE("rest pages: hail waits for a busy server as long as it asks") {
    const std::string past = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    Peer peer({{read_request(), send(http_answer("[1]", "Link: <?p=2>; rel=next\r\n")), read_request(),
                send(http_answer("slow", "Retry-After: 0\r\n", "429 Slow")), read_request(),
                send(http_answer("busy", past, "503 Busy")), read_request(), send(http_answer("[2]"))}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "[1]\n[2]\n");
    CHECK(outcome.err.find("status 429; trying again in 0 ms (1 of 10)") != std::string::npos);
    CHECK(peer.finish().size() == 4);
}

TEST_CASE("rest pages: a server that stays busy is an error, and the list is incomplete") {
    Peer peer(always([](const Received& request) {
                  return request.line().find("p=2") == std::string::npos
                             ? http_answer("[1]", "Link: <?p=2>; rel=next\r\n")
                             : http_answer("slow", "Retry-After: 0\r\n", "429 Slow");
              }),
              Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/list"), "--paginate", "--no-check-status"});
    CHECK(outcome.code == 4);
    CHECK(outcome.out == "[1]\n");
    CHECK(outcome.err.find("the reply says Retry-After: 0") != std::string::npos);
    CHECK(outcome.err.find("incomplete list: stopped after page 1") != std::string::npos);
    CHECK(peer.received().size() == 12);
}

TEST_CASE("rest pages: a wait beyond --retry-max-time is not begun") {
    Peer peer(
        always([](const Received&) { return http_answer("slow", "Retry-After: 3600\r\n", "429 Slow"); }),
        Peer::Others::repeat);
    CHECK(rest({peer.address("/list"), "--paginate"}).code == 4);
    CHECK(rest({peer.address("/list"), "--paginate", "--retry-max-time", "5m"}).code == 4);
    CHECK(peer.received().size() == 2);
}

TEST_CASE("rest pages: each page has its own number of waits") {
    std::atomic<int> count{0};
    Peer peer(always([&](const Received& request) {
                  if (++count % 7 != 0) {
                      return http_answer("slow", "Retry-After: 0\r\n", "429 Slow");
                  }
                  const bool last = request.line().find("p=2") != std::string::npos;
                  return http_answer("[]", last ? "" : "Link: <?p=2>; rel=next\r\n");
              }),
              Peer::Others::repeat);
    CHECK(rest({peer.address("/list"), "--paginate"}).code == 0);
    CHECK(count == 14);
}

TEST_CASE("rest pages: with --retry a truncated page is requested again") {
    Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1,"), cut()},
               {read_request(), send(http_answer("[1,2]"))}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate", "--retry", "1"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "[1,2]\n");
}

// --- connections -------------------------------------------------------------------------------------------

TEST_CASE("rest pages: all pages come over one connection") {
    Peer peer(
        {{read_request(), send(http_answer("[1]", "Link: <?p=2>; rel=next\r\n")), read_request(),
          send(http_answer("[2]", "Link: <?p=3>; rel=next\r\n")), read_request(), send(http_answer("[3]"))}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "[1]\n[2]\n[3]\n");
    CHECK(peer.connections() == 1);
}

TEST_CASE("rest pages: a connection that closed between two pages is reopened") {
    Peer peer({{read_request(), send(http_answer("[1]", "Link: <?p=2>; rel=next\r\n")), cut()},
               {read_request(), send(http_answer("[2]"))}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "[1]\n[2]\n");
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("rest pages: a page lost on a closing connection is requested once more") {
    Peer peer(
        {{read_request(), send(http_answer("[1]", "Link: <?p=2>; rel=next\r\n")), read_request(), cut()},
         {read_request(), send(http_answer("[2]"))}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "[1]\n[2]\n");
    const auto received = peer.finish();
    REQUIRE(received.size() == 3);
    CHECK(received.at(1).line() == received.at(2).line());
}

TEST_CASE("rest pages: a new connection that is closed without an answer is a failure") {
    Peer peer({{read_request(), send(http_answer("[1]", "Connection: close\r\nLink: <?p=2>; rel=next\r\n"))},
               {read_request(), cut()}});
    const Outcome outcome = rest({peer.address("/list"), "--paginate"});
    CHECK(outcome.code == 8);
    CHECK(outcome.out == "[1]\n");
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("rest pages: every page is checked before it is printed") {
    Peer peer(always([](const Received& request) { return list_page(request); }), Peer::Others::repeat);
    const std::string address = peer.address("/list");
    CHECK(rest({address, "--paginate", "--items", "data", "--expect", "status==200"}).out == all_elements);
    const Outcome outcome = rest({address, "--paginate", "--items", "data", "--expect", "data[0]<2"});
    CHECK(outcome.code == 10);
    CHECK(outcome.out == "1.10\n1.20\n");
    CHECK(outcome.err.find("incomplete list: stopped after page 1") != std::string::npos);
}

TEST_CASE("rest pages: a streamed body is sent with each page") {
    Peer peer(always([](const Received& request) { return list_page(request); }), Peer::Others::repeat);
    const Outcome outcome = rest({peer.address("/list"), "--multipart", "--boundary", "XX", "a=b", "--items",
                                  "data", "--page", "p", "--max-pages", "2"});
    const auto received = peer.received();
    CHECK(outcome.code == 0);
    REQUIRE(received.size() == 2);
    CHECK(received.at(0).body.find("\r\n\r\nb\r\n--XX--") != std::string::npos);
    CHECK(received.at(1).body == received.at(0).body);
}

TEST_CASE("rest pages: an incomplete list does not replace a file") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("list", "good");
    Peer peer({{read_request(), send(list_page({})), read_request(), send(http_answer("no", {}, "500 No"))}});
    CHECK(rest({peer.address("/list"), "--paginate", "--items", "data", "-o", file}).code == 5);
    CHECK(read_file(file) == "good");
    CHECK(read_file(file + ".part") == "1.10\n1.20\n");
}

TEST_CASE("rest pages: --headers-to has the heads of all pages in order") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("heads", "old");
    Peer peer(always(list_page), Peer::Others::repeat);
    CHECK(rest({peer.address("/list"), "--paginate", "--items", "data", "--headers-to", path}).out ==
          all_elements);
    const std::string heads = read_file(path);
    CHECK(heads.starts_with("HTTP/1.1 200 OK\r\nLink: </list?p=2>"));
    CHECK(heads.find("\r\n\r\nHTTP/1.1 200 OK\r\nLink: </list?p=3>") != std::string::npos);
    CHECK(heads.find("\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ") != std::string::npos);
}

TEST_CASE("rest pages: a page of status 204 has no elements") {
    Peer peer({{read_request(), send(http_answer("[1]")), read_request(),
                send("HTTP/1.1 204 No Content\r\n\r\n")}});
    const Outcome outcome = rest({peer.address("/list"), "--page", "p", "--items", "[]"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "1\n");
}

TEST_CASE("rest pages: a list that ends with an error status can be told so, and the failure says how") {
    Peer peer(always([](const Received& request) {
                  return request.line().find("page=3") == std::string::npos
                             ? http_answer(request.line().find("page=2") == std::string::npos ? "[1]" : "[2]")
                             : http_answer("{\"detail\":\"Invalid page.\"}", "", "404 Not Found");
              }),
              Peer::Others::repeat);
    const Outcome failed = rest({peer.address("/x"), "--page", "page", "--items", "[]"});
    CHECK(failed.code == 4);
    CHECK(mentions(failed.err, "if 404 ends this list, write --last-status 404; the reply says:"));
    const Outcome told =
        rest({peer.address("/x"), "--page", "page", "--items", "[]", "--last-status", "404"});
    CHECK(told.code == 0);
    CHECK(told.out == "1\n2\n");
    CHECK(rest({peer.address("/x?page=3"), "--page", "page", "--last-status", "404"}).code == 4);
}
