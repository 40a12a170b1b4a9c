#include "lib/redis/codec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// However the bytes are cut, the same replies are read, and a protocol error is reported as one. The reader
// reads everything that the encoder writes.

using namespace hail;

namespace {

class Transcript : public redis::TokenSink {
  public:
    void take(const redis::Token& token) override {
        text += static_cast<char>('a' + static_cast<int>(token.kind));
        text += std::to_string(token.integer) + "," + std::to_string(token.depth) + "," +
                std::to_string(token.index) + "," + std::to_string(token.siblings) + ":";
        text += token.in_pieces ? std::exchange(pieces_, {}) : std::string(token.text);
    }
    bool begin_large(const redis::Token&, std::uint64_t) override { return true; }
    void take_piece(std::string_view piece) override { pieces_ += piece; }

    std::string text;

  private:
    std::string pieces_;
};

std::string read(std::string_view bytes, std::size_t piece, std::uint64_t large = 5) {
    Transcript transcript;
    redis::ReplyReader reader(transcript, {.large = large});
    try {
        while (!bytes.empty()) {
            reader.feed(bytes.substr(0, piece));
            bytes.remove_prefix(std::min(piece, bytes.size()));
        }
        transcript.text += reader.in_reply() ? "more" : "whole";
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_reply);
        transcript.text += "!";
    }
    return transcript.text;
}

void check_round_trip(const std::string& word) {
    const std::vector<std::string> words{"PUBLISH", "c", word};
    net::OutBlocks out;
    redis::PublishEncoder("c").append(out, word);
    require(out.front() == redis::encode(words));
    const std::string transcript = read(out.front(), 7);
    require(transcript.ends_with("e0,1,2,3:" + word + "whole"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string whole = read(bytes, bytes.size() + 1);
    require(read(bytes, 1) == whole);
    require(read(bytes, 3) == whole);
    const std::string collected = read(bytes, bytes.size() + 1, 1'000'000);
    require(collected == whole);
    check_round_trip(bytes);
    return 0;
}
