// The codec for RESP2, the protocol of Redis: it encodes commands and reads replies.
//
// Shape:   replies are handed over piece by piece as they are parsed, and no memory is allocated for them:
//          the publisher only counts them, and the subscriber copies a payload once, to its output. A string
//          is collected, or, if it is large and the sink wants it so, handed over as it comes.
// Throws:  feed() throws Error(bad_reply) for bytes that are not RESP2, and whatever the sink throws. After
//          either, the reader cannot be used again.
// Source:  the RESP2 specification; hiredis 0.14 and 1.x, reader and formatter. 0.14 reads arrays at most 8
//          levels deep.

#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/net/out_blocks.h"

struct redisReader;
struct redisReadTask;

namespace hail::redis {

// One piece of a reply. The text is valid only during the call that hands it over.
struct Token {
    enum class Kind { status, error, integer, nil, string, array };
    Kind kind = Kind::nil;
    std::string_view text;      // of status, error and string
    std::int64_t integer = 0;   // the value of an integer; the number of elements of an array
    int depth = 0;              // 0: not in an array
    int index = 0;              // the position in the array around it
    std::int64_t siblings = 0;  // the size of the array around it
    bool in_pieces = false;     // the text was handed over in pieces, and is empty here
};

class TokenSink {
  public:
    TokenSink() = default;
    TokenSink(const TokenSink&) = delete;
    TokenSink& operator=(const TokenSink&) = delete;
    virtual ~TokenSink() = default;
    virtual void take(const Token& token) = 0;

    // A large string begins: true if the sink wants it in pieces. `place` has only depth, index and siblings.
    virtual bool begin_large(const Token& /*place*/, std::uint64_t /*size*/) { return false; }
    virtual void take_piece(std::string_view /*piece*/) {}
};

// Sizes of a string, in bytes.
struct ReaderLimits {
    std::uint64_t most = 512UL << 20U;   // more breaks the protocol; this is Redis' own proto-max-bulk-len
    std::uint64_t large = 256UL << 10U;  // from here on the sink is asked whether it wants pieces
};

class ReplyReader {
  public:
    // The sink must outlive the reader.
    explicit ReplyReader(TokenSink& sink, const ReaderLimits& limits = {});
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;
    ~ReplyReader();

    void feed(std::string_view bytes);

    // Whether a reply has begun and is not complete.
    bool in_reply() const;

  private:
    struct Hooks;
    void take(const Token& token);
    void parse();
    void judge_announced_length();
    void begin_pieces(std::size_t header, std::uint64_t size);
    const redisReadTask& current() const;

    TokenSink& sink_;
    std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
    ReaderLimits limits_;
    std::uint64_t left_ = 0;  // of a string that is handed over in pieces
    bool in_pieces_ = false;
    std::exception_ptr thrown_;
};

// A command as it goes over the wire: an array of binary-safe strings.
std::string encode(std::span<const std::string> words);

// PUBLISH to one channel. Everything before the length of the payload is the same each time, so it is encoded
// once.
class PublishEncoder {
  public:
    explicit PublishEncoder(std::string_view channel);
    void append(net::OutBlocks& out, std::string_view payload) const;
    const std::string& channel() const { return channel_; }

  private:
    std::string channel_;
    std::string prefix_;
};

}  // namespace hail::redis
