#include "lib/redis/codec.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"

using namespace hail;
using redis::Token;

namespace {

// Every piece as one word: s status, e error, i integer, n nil, b bulk string, a array.
class Words : public redis::TokenSink {
  public:
    void take(const Token& token) override {
        static constexpr const char* letters = "seinba";
        text += std::string(static_cast<std::size_t>(token.depth), '.') +
                letters[static_cast<std::size_t>(token.kind)];
        text += token.kind == Token::Kind::integer || token.kind == Token::Kind::array
                    ? std::to_string(token.integer)
                    : std::string(token.text);
        text += ' ';
    }
    std::string text;
};

std::string read(std::string_view bytes) {
    Words words;
    redis::ReplyReader reader(words);
    reader.feed(bytes);
    return words.text;
}

class Refuses : public redis::TokenSink {
  public:
    void take(const Token&) override { throw base::Error(base::Exit::refused, "no more"); }
};

}  // namespace

TEST_CASE("redis reader: every kind of reply is read") {
    CHECK(read("+OK\r\n-ERR x\r\n:-7\r\n$-1\r\n$3\r\na\r\n\r\n") == "sOK eERR x i-7 n ba\r\n ");
    CHECK(read("*2\r\n$1\r\na\r\n*1\r\n:1\r\n*0\r\n*-1\r\n") == "a2 .ba .a1 ..i1 a0 n ");
}

TEST_CASE("redis reader: replies may come in any pieces") {
    const std::string bytes = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\nhello\r\n:1\r\n";
    Words words;
    redis::ReplyReader reader(words);
    CHECK_FALSE(reader.in_reply());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const bool between = at == 0 || at == bytes.size() - 4;
        CHECK(reader.in_reply() == !between);
        reader.feed(bytes.substr(at, 1));
    }
    CHECK_FALSE(reader.in_reply());
    CHECK(words.text == "a3 .bmessage .bc .bhello i1 ");
}

TEST_CASE("redis reader: a payload far larger than a portion stays whole") {
    const std::string payload(3'000'000, 'p');
    CHECK(read("$3000000\r\n" + payload + "\r\n:1\r\n") == "b" + payload + " i1 ");
}

TEST_CASE("redis reader: bytes that are not RESP2 are a bad reply") {
    for (const std::string bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "*2000000\r\n", "_\r\n", ">1\r\n:1\r\n", ",1.5\r\n", "#t\r\n",
          "(12\r\n", "~1\r\n:1\r\n", "%1\r\n:1\r\n:2\r\n", "=5\r\ntxt:x\r\n"}) {
        CAPTURE(bytes);
        try {
            read(bytes);
            FAIL_CHECK("was read");
        } catch (const base::Error& error) {
            CHECK(error.exit() == base::Exit::bad_reply);
        }
    }
}

TEST_CASE("redis reader: a length beyond the limit of Redis is refused before the bytes come") {
    CHECK_THROWS_WITH_AS(read("$9223372036854775806\r\n"),
                         "reading a reply: a string of 9223372036854775806 bytes", base::Error);
    CHECK_THROWS_WITH_AS(read("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$536870913\r\nabc"),
                         "reading a reply: a string of 536870913 bytes", base::Error);
    CHECK(read("*2\r\n$1\r\nc\r\n$536870912\r\nabc") == "a2 .bc ");
}

TEST_CASE("redis reader: a line without an end is refused, and not collected") {
    for (const char* const beginning : {"+", "-", ":", "*", "*2\r\n+"}) {
        CAPTURE(beginning);
        CHECK_NOTHROW(read(beginning + std::string(60'000, '1')));
        CHECK_THROWS_WITH_AS(read(beginning + std::string(70'000, '1')),
                             "reading a reply: a line of more than 64 KiB", base::Error);
    }
    const std::string long_line(60'000, 'x');
    CHECK(read("-" + long_line + "\r\n") == "e" + long_line + " ");
}

TEST_CASE("redis reader: a string must end where its length says") {
    CHECK_THROWS_WITH_AS(read("$3\r\nabcXX"), "reading a reply: a string that is longer than its length",
                         base::Error);
}

TEST_CASE("redis reader: an exception of the sink reaches the caller") {
    Refuses sink;
    redis::ReplyReader reader(sink);
    CHECK_THROWS_WITH_AS(reader.feed("+OK\r\n"), "no more", base::Error);
}

TEST_CASE("redis encoder: a command is an array of strings") {
    const std::vector<std::string> words{"ECHO", std::string("\0\r\n", 3), ""};
    CHECK(redis::encode(words) == std::string("*3\r\n$4\r\nECHO\r\n$3\r\n\0\r\n\r\n$0\r\n\r\n", 29));
}

TEST_CASE("redis encoder: PUBLISH with the kept prefix gives the same bytes, also across blocks") {
    const redis::PublishEncoder encoder("news");
    for (const std::size_t size : {0UL, 1UL, 10UL, 65'000UL, 65'536UL, 200'000UL}) {
        CAPTURE(size);
        const std::string payload(size, 'x');
        const std::vector<std::string> words{"PUBLISH", "news", payload};
        net::OutBlocks out;
        out.append(std::string(net::OutBlocks::block_size - 20, 'f'));
        encoder.append(out, payload);
        std::string sent;
        while (out.pending() > 0) {
            sent += out.front();
            out.consume(out.front().size());
        }
        CHECK(sent.substr(net::OutBlocks::block_size - 20) == redis::encode(words));
    }
}
