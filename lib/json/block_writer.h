// A buffer for text on its way to a string: a block that stays in the processor's first cache. Appending
// every byte to the string itself costs more than finding out what the byte is.
//
// Shape:   the text reaches the string with flush(), which the caller must call at the end.
// Throws:  nothing but std::bad_alloc.

#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "lib/json/bytes.h"

namespace hail::json {

class BlockWriter {
  public:
    // The block is written before it is read.  NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    explicit BlockWriter(std::string& out) : out_(out) {}
    BlockWriter(const BlockWriter&) = delete;
    BlockWriter& operator=(const BlockWriter&) = delete;

    void put(char c) {
        make_room(1);
        block_[used_++] = c;
    }

    void put(std::string_view text) {
        if (text.size() > size) {
            flush();
            out_ += text;
            return;
        }
        make_room(text.size());
        text.copy(block_.data() + used_, text.size());
        used_ += text.size();
    }

    void put(std::size_t count, char c) {
        if (count > size) {
            flush();
            out_.append(count, c);
            return;
        }
        make_room(count);
        std::memset(block_.data() + used_, c, count);
        used_ += count;
    }

    // Copies the bytes that plain_end() passes over, and returns where they end.
    template <HighBytes high>
    const char* put_plain(const char* at, const char* end);

    void flush() {
        out_.append(block_.data(), used_);
        used_ = 0;
    }

  private:
    static constexpr std::size_t size = 4096;

    void make_room(std::size_t count) {
        if (size - used_ < count) {
            flush();
        }
    }

    std::string& out_;
    std::size_t used_ = 0;
    std::array<char, size> block_;
};

template <HighBytes high>
inline const char* BlockWriter::put_plain(const char* at, const char* end) {
#ifdef __SSE2__
    while (end - at >= 16) {
        make_room(16);
        const __m128i bytes = load16(at);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(block_.data() + used_), bytes);
        if (const unsigned stops = not_plain<high>(bytes); stops != 0) {
            const auto count = static_cast<unsigned>(__builtin_ctz(stops));
            used_ += count;
            return at + count;
        }
        used_ += 16;
        at += 16;
    }
#endif
    while (at != end && is_plain<high>(*at)) {
        put(*at++);
    }
    return at;
}

}  // namespace hail::json
