// Reply keeps a whole reply in memory; fetch() sends a request and returns one.
//
// Throws:  fetch() throws whatever the sender throws, and Error(bad_reply) for a body that is too large; a
//          failed exchange is a value in the reply.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/http/call.h"
#include "lib/http/message.h"

namespace hail::rest {

// Sends a request and gives its reply to the receiver. The exchange ends at the deadline.
using Send = std::function<http::CallResult(const http::Request&, http::Receiver&, base::Deadline)>;

struct Reply {
    http::CallResult call;
    std::string body;

    const http::ReplyHead& head() const { return call.result.head; }
};

// max_reply is the limit of the body in bytes.
Reply fetch(const Send& send, const http::Request& request, std::uint64_t max_reply,
            base::Deadline deadline = {});

}  // namespace hail::rest
