// Frames, of which everything that AMQP sends is made: cut from the received bytes, and written.
//
// Shape:   type, channel, size, payload, end octet. The reader owns the buffer that is received into; a frame
//          is a view of it, valid until the next room(). Every frame fits, because none may be larger than
//          frame_max.
// Throws:  next() Error(bad_reply) for bytes that are not a frame, for a frame that is larger than was
//          agreed, and, at the beginning, for a server that speaks another protocol.
// Source:  AMQP 0-9-1, 2.3.5 and 4.2.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hail::amqp {

enum class FrameType : std::uint8_t { method = 1, header = 2, body = 3, heartbeat = 8 };

struct Frame {
    FrameType type = FrameType::method;
    std::uint16_t channel = 0;
    std::string_view payload;
};

inline constexpr std::size_t frame_head = 7;
inline constexpr std::size_t frame_extra = frame_head + 1;  // with the end octet
inline constexpr std::size_t least_frame_max = 4'096;       // the server may not ask for less
inline constexpr std::size_t usual_frame_max = 131'072;     // what RabbitMQ proposes
inline constexpr std::string_view protocol_header{"AMQP\0\0\x09\x01", 8};
inline constexpr std::string_view heartbeat_frame{"\x08\0\0\0\0\0\0\xCE", 8};

class FrameReader {
  public:
    // `where` is the broker in messages.
    explicit FrameReader(std::string where);

    // The place for more bytes, and the number of those that came.
    std::span<char> room();
    void filled(std::size_t bytes) { end_ += bytes; }

    // The next whole frame; false if more bytes are needed.
    bool next(Frame& frame);

    void set_frame_max(std::size_t bytes) { frame_max_ = bytes; }

    // Part of a frame has come.
    bool in_frame() const { return begin_ < end_; }

  private:
    bool check_beginning(std::string_view bytes) const;
    [[noreturn]] void reject(const std::string& why, const std::string& hint = {}) const;

    const std::string where_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t frame_max_ = usual_frame_max;
    bool begun_ = false;  // a frame has come: the peer speaks AMQP
};

// Writes the first seven bytes of a frame.
void store_frame_head(char* to, FrameType type, std::uint16_t channel, std::size_t size);
inline constexpr char frame_end = '\xCE';

// A whole frame.
std::string frame_text(FrameType type, std::uint16_t channel, std::string_view payload);

}  // namespace hail::amqp
