#include "lib/http/cache.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "lib/net/connect_options.h"
#include "tests/support/directory.h"

using namespace hail;
using http::Cache;
using http::Request;

namespace {

Request get(const std::string& url, std::vector<http::Header> headers = {}) {
    Request request;
    request.url = url;
    request.headers = std::move(headers);
    return request;
}

http::ReplyHead head(const std::vector<std::string>& lines, const std::string& status = "200 OK") {
    http::ReplyHead result;
    result.add_line("HTTP/1.1 " + status);
    for (const auto& line : lines) {
        result.add_line(line);
    }
    result.add_line("");
    return result;
}

bool keep(const Cache& cache, const Request& request, const http::ReplyHead& reply, const std::string& body) {
    const auto writer = cache.writer(request, reply);
    if (!writer) {
        return false;
    }
    writer->add(body);
    return writer->keep();
}

std::string kept(const Cache& cache, const Request& request) {
    const auto entry = cache.find(request);
    std::string body;
    if (!entry || !entry->read_body([&](std::string_view bytes) { body += bytes; })) {
        return "none";
    }
    return body;
}

const http::ReplyHead tagged = head({"ETag: \"1\""});

}  // namespace

TEST_CASE("cache: a kept reply is found again, head and body") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path("new/cache"));
    const std::string body("a\0b\n", 4);
    CHECK(kept(cache, get("http://h/x")) == "none");
    CHECK(keep(cache, get("http://h/x"), head({"ETag: \"1\"", "X-A: b", "Set-Cookie: s=1"}), body));
    CHECK(kept(cache, get("http://h/x")) == body);
    CHECK(kept(cache, get("http://h/y")) == "none");
    const auto entry = cache.find(get("http://h/x"));
    REQUIRE(entry);
    CHECK(entry->head().bytes() == "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nX-A: b\r\n\r\n");
    CHECK(http::conditions(entry->head()) == std::vector<http::Header>{{"If-None-Match", "\"1\""}});
    CHECK(http::conditions(head({"Last-Modified: then"})) ==
          std::vector<http::Header>{{"If-Modified-Since", "then"}});
}

TEST_CASE("cache: credentials and secret headers are part of the name") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path());
    Request ann = get("http://h/");
    ann.credentials = {http::Credentials::Kind::basic, "ann", "one"};
    CHECK(keep(cache, ann, tagged, "ann's"));
    CHECK(kept(cache, ann) == "ann's");
    CHECK(kept(cache, get("http://h/")) == "none");
    Request other = ann;
    other.credentials.secret = "two";
    CHECK(kept(cache, other) == "none");
    for (const char* name : {"Authorization", "Cookie", "X-Api-Key"}) {
        CHECK(keep(cache, get("http://h/", {{name, "a"}}), tagged, name));
        CHECK(kept(cache, get("http://h/", {{name, "a"}})) == name);
        CHECK(kept(cache, get("http://h/", {{name, "b"}})) == "none");
    }
}

TEST_CASE("cache: the route to the server is part of the name") {
    const support::TemporaryDirectory folder;
    net::ConnectOptions first;
    first.unix_socket = "a.sock";
    const Cache cache(folder.path(), net::route(first));
    CHECK(keep(cache, get("http://h/"), tagged, "a's"));
    CHECK(kept(cache, get("http://h/")) == "a's");
    std::vector<net::ConnectOptions> others(5, first);
    others[0].unix_socket = "b.sock";
    others[1].proxy = "http://p";
    others[2].resolve = {"h:80:127.0.0.1"};
    others[3].connect_to = {"h:80:i:80"};
    others[4].tls.cert = "ann.pem";
    for (const net::ConnectOptions& other : others) {
        CHECK(kept(Cache(folder.path(), net::route(other)), get("http://h/")) == "none");
    }
}

TEST_CASE("cache: a 304 with another ETag is about another reply") {
    CHECK(http::validates(head({"ETag: \"1\""}, "304 Not Modified"), tagged));
    CHECK(http::validates(head({"ETag: W/\"1\""}, "304 Not Modified"), tagged));
    CHECK(http::validates(head({}, "304 Not Modified"), tagged));
    CHECK_FALSE(http::validates(head({"ETag: \"2\""}, "304 Not Modified"), tagged));
}

TEST_CASE("cache: Vary tells variants apart") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path());
    const auto varied = head({"ETag: \"1\"", "Vary: Accept, accept-language"});
    CHECK(keep(cache, get("http://h/", {{"Accept", "a"}, {"X-Trace", "1"}}), varied, "A"));
    CHECK(keep(cache, get("http://h/", {{"Accept", "b"}}), varied, "B"));
    CHECK(kept(cache, get("http://h/", {{"accept", "a"}, {"X-Trace", "2"}})) == "A");
    CHECK(kept(cache, get("http://h/", {{"Accept", "b"}})) == "B");
    CHECK(kept(cache, get("http://h/", {{"Accept", "c"}})) == "none");
    CHECK(kept(cache, get("http://h/", {{"Accept", "a"}, {"Accept-Language", "de"}})) == "none");
}

TEST_CASE("cache: a reply that must not be kept is not kept") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path());
    CHECK_FALSE(keep(cache, get("http://h/"), head({"X-A: b"}), ""));
    CHECK_FALSE(keep(cache, get("http://h/"), head({"ETag: \"1\""}, "206 Partial Content"), ""));
    CHECK_FALSE(keep(cache, get("http://h/"), head({"ETag: \"1\"", "Cache-Control: private, No-Store"}), ""));
    CHECK_FALSE(keep(cache, get("http://h/"), head({"ETag: \"1\"", "Vary: *"}), ""));
    CHECK_FALSE(keep(cache, get("http://h/", {{"Cache-Control", "no-store"}}), tagged, ""));
    CHECK_FALSE(keep(cache, get("http://h/", {{"Range", "bytes=1-"}}), tagged, ""));
    Request post = get("http://h/");
    post.method = "POST";
    CHECK_FALSE(keep(cache, post, tagged, ""));
}

TEST_CASE("cache: files are private, and a reply that is not kept leaves no file") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path("c"));
    cache.writer(get("http://h/"), tagged)->add("half");
    CHECK(std::filesystem::is_empty(folder.path("c")));
    CHECK(keep(cache, get("http://h/"), tagged, "x"));
    int count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder.path("c"))) {
        CHECK((file.status().permissions() & std::filesystem::perms::all) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        ++count;
    }
    CHECK(count == 2);
}

TEST_CASE("cache: a truncated or overwritten entry is not used") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path("c"));
    CHECK(keep(cache, get("http://h/"), tagged, "whole"));
    for (const auto& file : std::filesystem::directory_iterator(folder.path("c"))) {
        if (file.path().extension() != ".vary") {
            std::filesystem::resize_file(file.path(), std::filesystem::file_size(file.path()) - 1);
        }
    }
    CHECK(kept(cache, get("http://h/")) == "none");
    for (const auto& file : std::filesystem::directory_iterator(folder.path("c"))) {
        std::ofstream(file.path()) << "hail cache 1\n99999999999999999999 00000000000000000000\n";
    }
    CHECK(kept(cache, get("http://h/")) == "none");
}

TEST_CASE("cache: a 304 updates the head but not the form of the body") {
    const support::TemporaryDirectory folder;
    const Cache cache(folder.path());
    CHECK(keep(cache, get("http://h/"), head({"ETag: \"1\"", "Date: old", "Content-Type: text/plain"}), "x"));
    const auto renewed =
        cache.find(get("http://h/"))
            ->refreshed(head({"Date: new", "Content-Type: text/html", "X-New: 1"}, "304 Not Modified"));
    CHECK(renewed.bytes() ==
          "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Type: text/plain\r\nDate: new\r\nX-New: 1\r\n\r\n");
}

TEST_CASE("cache: a folder that cannot be written is not an error") {
    const Cache cache("/proc/nowhere");
    CHECK_FALSE(keep(cache, get("http://h/"), tagged, "x"));
    CHECK(kept(cache, get("http://h/")) == "none");
}
