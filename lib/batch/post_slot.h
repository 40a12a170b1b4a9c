// One POST of a run, which carries a shipment.

#pragma once

#include <cstddef>
#include <cstdint>

#include "lib/bulk/shipment.h"
#include "lib/http/body_collector.h"
#include "lib/http/engine.h"

namespace hail::batch {

// Reused from one exchange to the next, and with it the memory of the body.
struct PostSlot {
    PostSlot(const http::Request& model, std::size_t most_reply, std::size_t tag);

    void load(const bulk::Shipment& shipment, std::uint32_t next_wire_id);

    std::uint32_t first_wire_id = 1;
    std::size_t calls = 0;           // among the records; the others are notifications
    bool asked_for_session = false;  // the server did, for this shipment
    http::Request request;
    http::BodyCollector collector;
    http::Job job;
};

}  // namespace hail::batch
