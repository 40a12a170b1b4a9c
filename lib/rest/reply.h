// Reply keeps a whole reply in memory; fetch() sends a request and returns one.
//
// Throws:  fetch() throws what the sender throws; a failed exchange is a value in the reply.

#pragma once

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

Reply fetch(const Send& send, const http::Request& request, base::Deadline deadline = {});

}  // namespace hail::rest
