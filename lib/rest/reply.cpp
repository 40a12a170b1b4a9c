#include "lib/rest/reply.h"

#include <utility>

#include "lib/http/body_collector.h"

namespace hail::rest {

Reply fetch(const Send& send, const http::Request& request, base::Deadline deadline) {
    http::BodyCollector collector;
    http::CallResult call = send(request, collector, deadline);
    return {std::move(call), collector.take_body()};
}

}  // namespace hail::rest
