#include "lib/rest/reply.h"

#include <utility>

#include "lib/http/body_collector.h"

namespace hail::rest {

Reply fetch(const Send& send, const http::Request& request, std::uint64_t max_reply,
            base::Deadline deadline) {
    http::BodyCollector collector(max_reply, http::BodyCollector::Excess::fail);
    http::CallResult call = send(request, collector, deadline);
    return {std::move(call), collector.take_body()};
}

}  // namespace hail::rest
