#include "lib/redis/node.h"

namespace hail::redis {

void Node::take(const Token& token) {
    if (token.depth != 1 || token.kind != Token::Kind::string) {
        return;
    }
    if (token.index % 2 == 0) {
        name_ = token.text;
    } else if (name_ == "role") {
        role_ = token.text;
    } else if (name_ == "mode") {
        mode_ = token.text;
    }
}

}  // namespace hail::redis
