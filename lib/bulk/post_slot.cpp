#include "lib/bulk/post_slot.h"

#include <algorithm>
#include <utility>

namespace hail::bulk {

PostSlot::PostSlot(const http::Request& model, std::size_t most_reply, std::size_t tag)
    : request(model), collector(most_reply, http::BodyCollector::Excess::drop) {
    job.request = &request;
    job.receiver = &collector;
    job.tag = tag;
}

void PostSlot::load(const Range& next_range, std::uint32_t next_wire_id) {
    range = next_range;
    first_wire_id = next_wire_id;
    calls = range.chunk->calls(range.from, range.to);
    in_flight = true;
    collector.clear();
    std::string& body = request.body ? *request.body : request.body.emplace();
    body.clear();
    range.chunk->append_body(body, range.from, range.to, first_wire_id);
}

}  // namespace hail::bulk
