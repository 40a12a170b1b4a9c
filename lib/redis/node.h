// Node reads what a Redis server says about itself: its answer to HELLO, which clients may usually send.
//
// Shape:   asked in one breath with the first command. A server that refuses the question, or is too old for
//          it, is treated as one that stands alone.
// Source:  https://redis.io/docs/latest/commands/hello.

#pragma once

#include <string>
#include <string_view>

#include "lib/redis/codec.h"

namespace hail::redis {

// HELLO with the version of the protocol that is spoken anyway.
inline constexpr std::string_view node_question = "*2\r\n$5\r\nHELLO\r\n$1\r\n2\r\n";

class Node {
  public:
    // A piece of the answer, from inside its array of names and values.
    void take(const Token& token);

    bool is_replica() const { return role_ == "replica" || role_ == "slave"; }
    bool is_in_cluster() const { return mode_ == "cluster"; }

  private:
    std::string name_;
    std::string role_;
    std::string mode_;
};

}  // namespace hail::redis
