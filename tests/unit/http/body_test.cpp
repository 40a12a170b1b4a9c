#include "lib/http/body.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "lib/base/error.h"
#include "lib/base/owned.h"
#include "lib/http/compress.h"
#include "lib/http/multipart.h"
#include "tests/support/directory.h"

using namespace hail;
using namespace hail::http;
using Kind = RequestBody::Read::Kind;

namespace {

// Reads the whole body, in pieces of at most `piece` bytes.
std::string all_of(RequestBody& body, std::size_t piece = 7) {
    std::string out;
    std::vector<char> into(piece);
    while (true) {
        const RequestBody::Read got = body.read(into);
        REQUIRE(got.kind != Kind::wait);
        if (got.kind == Kind::end) {
            return out;
        }
        REQUIRE(got.count > 0);
        out.append(into.data(), got.count);
    }
}

struct PipeEnds {
    base::Descriptor reading;
    base::Descriptor writing;
};

PipeEnds make_pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    return {base::Descriptor(ends[0]), base::Descriptor(ends[1])};
}

}  // namespace

TEST_CASE("body: bytes are read in pieces, and again after a rewind") {
    const OwnedBody body = bytes_body("hello, world");
    CHECK(body->length() == 12);
    CHECK(all_of(*body) == "hello, world");
    CHECK(body->rewind());
    CHECK(all_of(*body) == "hello, world");
}

TEST_CASE("body: a file has its length and can be read again") {
    const support::TemporaryDirectory directory;
    const OwnedBody body = file_body(directory.file("f", "0123456789"));
    CHECK(body->length() == 10);
    CHECK(all_of(*body) == "0123456789");
    CHECK(body->rewind());
    CHECK(all_of(*body) == "0123456789");
}

TEST_CASE("body: a file that became shorter is an error, and a file that grew is sent at its old length") {
    const support::TemporaryDirectory directory;
    const std::string path = directory.file("f", "0123456789");
    const OwnedBody body = file_body(path);
    REQUIRE(::truncate(path.c_str(), 4) == 0);
    CHECK_THROWS_WITH_AS(all_of(*body), doctest::Contains("it became shorter while it was being sent"),
                         base::Error);
    directory.file("f", "0123456789 and more");
    CHECK(body->rewind());
    CHECK(all_of(*body) == "0123456789");
}

TEST_CASE("body: an unreadable file is an error that gives the reason") {
    const support::TemporaryDirectory directory;
    CHECK_THROWS_WITH_AS(file_body(directory.path("absent")), doctest::Contains("No such file"), base::Error);
    CHECK_THROWS_WITH_AS(file_body(directory.path("")), doctest::Contains("it is a directory"), base::Error);
}

TEST_CASE("body: a pipe has no length, may have to wait, and cannot be read twice") {
    PipeEnds ends = make_pipe();
    const OwnedBody body = descriptor_body(ends.reading.number(), "stdin");
    CHECK_FALSE(body->length());
    std::array<char, 8> into{};
    CHECK(body->rewind());
    const RequestBody::Read waiting = body->read(into);
    CHECK(waiting.kind == Kind::wait);
    CHECK(waiting.descriptor == ends.reading.number());
    REQUIRE(::write(ends.writing.number(), "abc", 3) == 3);
    CHECK(body->read(into).count == 3);
    CHECK_FALSE(body->rewind());
    ends.writing = base::Descriptor();
    CHECK(body->read(into).kind == Kind::end);
}

TEST_CASE("body: a file on stdin has the length of its unread rest") {
    const support::TemporaryDirectory directory;
    const base::Descriptor file(::open(directory.file("f", "0123456789").c_str(), O_RDONLY));
    REQUIRE(::lseek(file.number(), 4, SEEK_SET) == 4);
    const OwnedBody body = descriptor_body(file.number(), "stdin");
    CHECK(body->length() == 6);
    CHECK(all_of(*body) == "456789");
    CHECK(body->rewind());
    CHECK(all_of(*body) == "456789");
}

TEST_CASE("body: a file without a size is read to its end to find its length") {
    const support::TemporaryDirectory directory;
    const std::string content = support::read_file("/proc/self/cmdline");
    const OwnedBody body = file_body("/proc/self/cmdline");
    CHECK(body->length() == content.size());
    CHECK(all_of(*body) == content);
    CHECK(file_body(directory.file("empty", ""))->length() == 0);
}

TEST_CASE("body: destroying a body closes the descriptor that it owns") {
    PipeEnds ends = make_pipe();
    const int number = ends.reading.number();
    descriptor_body(std::move(ends.reading), "pipe").reset();
    CHECK(::fcntl(number, F_GETFD) == -1);
}

TEST_CASE("body: a chain is as long as its pieces, if all lengths are known") {
    std::vector<OwnedBody> pieces;
    pieces.push_back(bytes_body("ab"));
    pieces.push_back(bytes_body(""));
    pieces.push_back(bytes_body("cde"));
    const OwnedBody known = chain_body(std::move(pieces));
    CHECK(known->length() == 5);
    CHECK(all_of(*known) == "abcde");
    CHECK(known->rewind());
    CHECK(all_of(*known, 1) == "abcde");
    const PipeEnds ends = make_pipe();
    std::vector<OwnedBody> open;
    open.push_back(bytes_body("ab"));
    open.push_back(descriptor_body(ends.reading.number(), "stdin"));
    CHECK_FALSE(chain_body(std::move(open))->length());
}

TEST_CASE("body: a watched body reports how much was read") {
    std::uint64_t taken = 0;
    const OwnedBody body =
        watched_body(bytes_body("0123456789"), [&](std::uint64_t count) { taken = count; });
    std::array<char, 4> into{};
    body->read(into);
    CHECK(taken == 4);
    all_of(*body);
    CHECK(taken == 10);
    body->rewind();
    body->read(into);
    CHECK(taken == 4);
}

TEST_CASE("body: a decoder restores compressed bytes") {
    struct Sink : Receiver {
        void head(const ReplyHead& /*head*/) override {}
        void body(std::string_view bytes) override { text += bytes; }
        std::string text;
    };
    std::string text;
    for (int i = 0; i < 50'000; ++i) {
        text += std::to_string(i * 7919 % 10'007);
    }
    for (const Coding coding : {Coding::gzip, Coding::deflate}) {
        const OwnedBody body = compressed_body(bytes_body(text), coding);
        const std::string packed = all_of(*body, 1000);
        CHECK(packed.size() < text.size());
        CHECK(packed == compress(text, coding));
        CHECK(body->rewind());
        CHECK(all_of(*body, 1) == packed);
        Decoder decoder(coding);
        Sink sink;
        CHECK(decoder.feed(packed, sink) == Decoder::State::whole);
        CHECK(sink.text == text);
    }
}

TEST_CASE("body: a compressed live stream is flushed before it pauses") {
    struct Sink : Receiver {
        void head(const ReplyHead& /*head*/) override {}
        void body(std::string_view bytes) override { text += bytes; }
        std::string text;
    };
    const PipeEnds ends = make_pipe();
    const OwnedBody body = compressed_body(descriptor_body(ends.reading.number(), "stdin"), Coding::gzip);
    REQUIRE(::write(ends.writing.number(), "first line\n", 11) == 11);
    Decoder decoder(Coding::gzip);
    Sink sink;
    std::array<char, 16> into{};
    while (true) {
        const RequestBody::Read got = body->read(into);
        if (got.kind == Kind::wait) {
            break;
        }
        decoder.feed({into.data(), got.count}, sink);
    }
    CHECK(sink.text == "first line\n");
    CHECK(body->read(into).kind == Kind::wait);
}

TEST_CASE("multipart: parts are written with their names, types and files") {
    const support::TemporaryDirectory directory;
    std::vector<FormPart> parts;
    parts.push_back({"a", {}, "", bytes_body("1")});
    parts.push_back({"f", "data.xml", "application/xml", file_body(directory.file("f", "<x/>"))});
    const OwnedBody body = multipart_body(std::move(parts), "XX");
    const std::string expected =
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"data.xml\"\r\n"
        "Content-Type: application/xml\r\n\r\n<x/>\r\n--XX--\r\n";
    CHECK(body->length() == expected.size());
    CHECK(all_of(*body) == expected);
    CHECK(body->rewind());
    CHECK(all_of(*body, 1) == expected);
}

TEST_CASE("multipart: only quotes and line ends are escaped in names") {
    std::vector<FormPart> parts;
    parts.push_back({"a\"b\\\r\nc\nd\re%", "\xC3\xBC.txt", "", bytes_body("")});
    CHECK(all_of(*multipart_body(std::move(parts), "B")) ==
          "--B\r\nContent-Disposition: form-data; name=\"a%22b\\%0D%0Ac%0D%0Ad%0D%0Ae%\"; "
          "filename=\"\xC3\xBC.txt\"\r\n\r\n\r\n--B--\r\n");
}

TEST_CASE("multipart: a body without parts is only the final boundary") {
    CHECK(all_of(*multipart_body({}, "B")) == "--B--\r\n");
}

TEST_CASE("multipart: a boundary is quoted if necessary, and rejected if it is not valid") {
    CHECK(multipart_type("XX-1") == "multipart/form-data; boundary=XX-1");
    CHECK(multipart_type("a b:c") == "multipart/form-data; boundary=\"a b:c\"");
    CHECK_THROWS_AS(multipart_type(""), base::Error);
    CHECK_THROWS_AS(multipart_type("ends "), base::Error);
    CHECK_THROWS_AS(multipart_type("a\"b"), base::Error);
    CHECK_THROWS_AS(multipart_type("a\r\nb"), base::Error);
    CHECK_THROWS_AS(multipart_type(std::string(71, 'a')), base::Error);
}

TEST_CASE("multipart: a random boundary is valid and never the same") {
    CHECK(multipart_type(random_boundary()).size() > 60);
    CHECK(random_boundary() != random_boundary());
}
