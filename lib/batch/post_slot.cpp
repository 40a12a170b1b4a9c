#include "lib/batch/post_slot.h"

#include <string>

#include "lib/batch/record.h"

namespace hail::batch {

PostSlot::PostSlot(const http::Request& model, std::size_t most_reply, std::size_t tag)
    : request(model), collector(most_reply, http::BodyCollector::Excess::drop) {
    job.request = &request;
    job.receiver = &collector;
    job.tag = tag;
}

void PostSlot::load(const bulk::Shipment& shipment, std::uint32_t next_wire_id) {
    first_wire_id = next_wire_id;
    calls = 0;
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        calls += shipment.chunk->expects_reply(shipment.position(place)) ? 1U : 0U;
    }
    collector.clear();
    std::string& body = request.body ? *request.body : request.body.emplace();
    body.clear();
    append_body(body, shipment, first_wire_id);
}

}  // namespace hail::batch
