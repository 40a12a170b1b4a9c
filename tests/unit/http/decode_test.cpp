#include "lib/http/decode.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

using namespace hail::http;

namespace {

struct Collector : Receiver {
    void head(const ReplyHead& /*head*/) override {}
    void body(std::string_view bytes) override {
        largest = std::max(largest, bytes.size());
        text += bytes;
    }
    std::string text;
    std::size_t largest = 0;
};

// window: 31 gzip, 15 zlib, -15 raw deflate
std::string compress(std::string text, int window) {
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(::deflateBound(&stream, text.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

// Feeds the bytes in pieces of that size.
Decoder::State decode(Coding coding, std::string_view bytes, Collector& into, std::size_t piece = 1) {
    Decoder decoder(coding);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        decoder.feed(bytes.substr(at, piece), into);
    }
    return decoder.state();
}

}  // namespace

TEST_CASE("decode: gzip, zlib and raw deflate are decoded in pieces of any size") {
    const std::string text = "hello hello hello, and something else";
    for (const std::size_t piece : {1U, 2U, 3U, 1000U}) {
        CAPTURE(piece);
        for (const auto& [coding, window] :
             {std::pair{Coding::gzip, 31}, {Coding::deflate, 15}, {Coding::deflate, -15}}) {
            const int bits = window;
            CAPTURE(bits);
            Collector got;
            CHECK(decode(coding, compress(text, window), got, piece) == Decoder::State::whole);
            CHECK(got.text == text);
        }
    }
}

TEST_CASE("decode: gzip may have several members") {
    Collector got;
    CHECK(decode(Coding::gzip, compress("one ", 31) + compress("two", 31), got, 7) == Decoder::State::whole);
    CHECK(got.text == "one two");
}

TEST_CASE("decode: a truncated stream is not complete, but an empty one is") {
    const std::string whole = compress("hello hello hello", 31);
    for (std::size_t length = 1; length < whole.size(); ++length) {
        CAPTURE(length);
        Collector got;
        CHECK(decode(Coding::gzip, std::string_view(whole).substr(0, length), got) == Decoder::State::going);
    }
    Collector got;
    CHECK(decode(Coding::gzip, "", got) == Decoder::State::whole);
}

TEST_CASE("decode: bytes after the end are distinguished from bytes that are not valid") {
    Collector got;
    CHECK(decode(Coding::gzip, compress("x", 31) + "garbage", got) == Decoder::State::trailing);
    CHECK(decode(Coding::deflate, compress("x", 15) + "x", got) == Decoder::State::trailing);
    CHECK(decode(Coding::gzip, "plain text", got, 100) == Decoder::State::corrupt);
}

TEST_CASE("decode: a decompression bomb is delivered in small pieces") {
    const std::size_t most = 20'000'000;
    Collector got;
    CHECK(decode(Coding::gzip,
                 compress(std::string(most, 'x')  // NOLINT(bugprone-string-constructor): large on purpose
                          ,
                          31),
                 got, 1 << 20) == Decoder::State::whole);
    CHECK(got.text.size() == most);
    CHECK(got.largest <= 65536);
}

namespace {

ReplyHead coded(const std::string& lines) {
    ReplyHead head;
    head.add_line("HTTP/1.1 200 OK\r\n");
    for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
        head.add_line(lines.substr(at, lines.find('\n', at) + 1 - at));
    }
    return head;
}

ReplyHead encoded(const std::string& value) {
    return coded("Content-Encoding: " + value + "\n");
}

std::string warning(const std::string& accepted, const std::string& encoding) {
    Request request;
    request.headers = {{"Accept-Encoding", accepted}};
    return undecoded_warning(request, encoded(encoding)).value_or("");
}

}  // namespace

TEST_CASE("decode: only one known coding is decoded, and identity counts for none") {
    CHECK(coding_of(encoded("gzip")) == Coding::gzip);
    CHECK(coding_of(encoded(" X-GZip")) == Coding::gzip);
    CHECK(coding_of(encoded("identity, gzip")) == Coding::gzip);
    CHECK(coding_of(encoded("deflate")) == Coding::deflate);
    CHECK(coding_of(encoded("")) == Coding::identity);
    CHECK(coding_of(encoded("identity,")) == Coding::identity);
    CHECK(coding_of(encoded("br")) == Coding::other);
    CHECK(coding_of(encoded("gzip, gzip")) == Coding::other);
    CHECK(coding_of(coded("Content-Encoding: gzip\nContent-Encoding: gzip\n")) == Coding::other);
}

TEST_CASE("decode: a coding that is neither known nor asked for is warned of") {
    CHECK(warning("gzip, deflate", "br").find("is 'br', which was not asked for") != std::string::npos);
    CHECK(warning("gzip", "gzip, gzip").find("'gzip, gzip'") != std::string::npos);
    CHECK(warning("gzip", "none").find("'none'") != std::string::npos);
    CHECK(warning("gzip", "identity").empty());
    CHECK(warning("br;q=1, zstd", "zstd").empty());
}

TEST_CASE("decode: only Accept-Encoding: identity asks for a plain body alone") {
    Request request;
    CHECK_FALSE(asks_for_identity_alone(request));
    request.headers = {{"Accept-Encoding", "gzip, identity"}};
    CHECK_FALSE(asks_for_identity_alone(request));
    request.headers = {{"Accept-Encoding", "Identity"}};
    CHECK(asks_for_identity_alone(request));
}
