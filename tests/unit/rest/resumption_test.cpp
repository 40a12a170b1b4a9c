#include "lib/rest/resumption.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hail;
using namespace hail::rest;
using Kind = Continuation::Kind;

namespace {

Continuation of(const std::string& status, const std::vector<std::string>& fields, const Kept& kept) {
    http::ReplyHead head;
    head.add_line("HTTP/1.1 " + status);
    for (const std::string& field : fields) {
        head.add_line(field);
    }
    return continuation(head, kept);
}

const Kept part{5, 10, "\"v1\"", Kept::Kind::part};
const Kept finished{10, {}, "\"v1\"", Kept::Kind::finished};

}  // namespace

TEST_CASE("resumption: a range follows the kept bytes, or repeats some of them") {
    CHECK(of("206 OK", {"Content-Range: bytes 5-9/10"}, part).kind == Kind::follows);
    const Continuation overlap = of("206 OK", {"Content-Range: bytes 2-9/10"}, part);
    CHECK(overlap.kind == Kind::follows);
    CHECK(overlap.from == 2);
    CHECK(of("206 OK", {"Content-Range: bytes 5-9/*", "ETag: W/\"v1\""}, part).kind == Kind::follows);
}

TEST_CASE("resumption: a range that has a gap, nothing new, or another size or version starts again") {
    CHECK(of("206 OK", {"Content-Range: bytes 6-9/10"}, part).kind == Kind::start_again);
    CHECK(of("206 OK", {"Content-Range: bytes 0-4/10"}, part).kind == Kind::start_again);
    CHECK(of("206 OK", {"Content-Range: bytes 5-9/12"}, part).kind == Kind::start_again);
    CHECK(of("206 OK", {"Content-Range: bytes 5-9/10", "ETag: \"v2\""}, part).kind == Kind::start_again);
    CHECK(of("206 OK", {}, part).kind == Kind::start_again);
}

TEST_CASE("resumption: nothing left is complete only if the size and the version are the kept ones") {
    CHECK(of("416 No", {"Content-Range: bytes */10"}, finished).kind == Kind::complete);
    CHECK(of("416 No", {"Content-Range: bytes */5"}, part).kind == Kind::start_again);
    CHECK(of("416 No", {"Content-Range: bytes */5"}, {5, {}, "\"v1\""}).kind == Kind::complete);
    CHECK(of("416 No", {"Content-Range: bytes */10", "ETag: \"v2\""}, finished).kind == Kind::start_again);
    CHECK(of("416 No", {}, finished).kind == Kind::start_again);
    CHECK(of("304 Same", {}, finished).kind == Kind::complete);
    CHECK(of("206 OK", {"Content-Range: bytes 10-11/12"}, finished).kind == Kind::start_again);
}

TEST_CASE("resumption: without kept bytes only the whole file is a success") {
    for (const std::string status : {"206 OK", "304 Same", "416 No", "404 Gone"}) {
        CHECK(of(status, {"Content-Range: bytes 0-9/10"}, {}).kind == Kind::failure);
    }
    CHECK(of("200 OK", {}, {}).kind == Kind::all);
    CHECK(of("200 OK", {}, part).kind == Kind::all);
}
