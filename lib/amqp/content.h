// The content that follows a method: a header with its size, then the body in frames of any size.
//
// Shape:   begin() after the method; take_header() and take_body() check that each frame is due.
// Throws:  Error(bad_reply) for a frame that is not due, and for a body that is longer than announced.
// Source:  AMQP 0-9-1, 4.2.6.

#pragma once

#include <cstdint>
#include <string_view>

namespace hail::amqp {

class Content {
  public:
    void begin();

    // Neither a header nor a body is due.
    bool idle() const { return due_ == Due::nothing; }
    std::uint64_t left() const { return left_; }

    // Returns what follows the size: the properties.
    std::string_view take_header(std::string_view payload);
    void take_body(std::string_view payload);

    // A method came.
    void check_idle() const;

  private:
    enum class Due { nothing, header, body };
    Due due_ = Due::nothing;
    std::uint64_t left_ = 0;
};

}  // namespace hail::amqp
