// The depth of a table, before it is decoded.
//
// Shape:   the bytes of a header frame after the body size. rabbitmq-c decodes tables by recursion, and a
//          frame has room for 20,000 levels.
// Throws:  Error(bad_reply) for a table that is nested deeper than most_nesting or does not fit its bytes.

#pragma once

#include <string_view>

namespace hail::amqp {

void check_headers(std::string_view properties);

}  // namespace hail::amqp
