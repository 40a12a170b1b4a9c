// JSON-RPC requests as the records of a bulk run, and the body of the POST that carries some of them.

#pragma once

#include <cstdint>
#include <string>

#include "lib/bulk/record.h"
#include "lib/bulk/shipment.h"
#include "lib/rpc/message.h"

namespace hail::batch {

// The record's views point into the request's text.
bulk::Record record_of(const rpc::Request& request, std::uint64_t line);
rpc::Request request_of(const bulk::Record& record);

// An array, or the bare request if there is only one. Calls get consecutive wire ids.
void append_body(std::string& out, const bulk::Shipment& shipment, std::uint32_t first_wire_id);

}  // namespace hail::batch
