// EventReply: finds the reply to one call in server-sent events, as they arrive.
//
// Shape:   feed() takes the stream in pieces of any size. The reply is there as soon as the event that holds
//          it has ended, whatever the stream does next; the server may keep it open. take_others() has the
//          requests and notifications that came before the reply.
// Memory:  one event of at most `limit` bytes; too_large() says that one was larger.
// Throws:  nothing.
// Source:  base/event_stream.h; MCP, Streamable HTTP.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/event_stream.h"
#include "lib/rpc/reply.h"

namespace hail::rpc {

class EventReply {
  public:
    // The id is JSON bytes; empty: a notification, to which any error belongs.
    explicit EventReply(std::string_view id, std::size_t limit = base::EventStream::most_bytes);

    void feed(std::string_view bytes);
    bool is_answered() const { return best_.kind != Reply::Kind::problem; }
    bool is_too_large() const { return too_large_; }

    std::vector<std::string> take_others();

    // The reply, otherwise the problem of the last message that is not a request.
    Reply finish();

  private:
    void read(const base::Event& event);

    std::string id_;
    base::EventStream stream_;
    Reply best_;
    std::vector<std::string> others_;
    bool too_large_ = false;
};

}  // namespace hail::rpc
