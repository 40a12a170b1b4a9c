#include "lib/batch/record.h"

#include <cstddef>

namespace hail::batch {

namespace {

// Record::form
constexpr std::uint8_t has_version = 1;

}  // namespace

bulk::Record record_of(const rpc::Request& request, std::uint64_t line) {
    bulk::Record record;
    record.text = request.text;
    record.id = request.id;
    record.line = line;
    record.form = request.has_version ? has_version : 0;
    return record;
}

rpc::Request request_of(const bulk::Record& record) {
    rpc::Request request;
    request.text = record.text;
    request.id = record.id;
    request.has_version = record.form == has_version;
    return request;
}

void append_body(std::string& out, const bulk::Shipment& shipment, std::uint32_t first_wire_id) {
    constexpr std::size_t added_to_each = 32;  // at most: an id, a comma, the member jsonrpc
    out.reserve(out.size() + shipment.chunk->bytes() + shipment.size() * added_to_each);
    const bool array = shipment.size() > 1;
    std::uint32_t wire_id = first_wire_id;
    if (array) {
        out += '[';
    }
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        if (place > 0) {
            out += ',';
        }
        const rpc::Request request = request_of(shipment.record(place));
        rpc::append_request(out, request, wire_id);
        wire_id += request.is_notification() ? 0U : 1U;
    }
    if (array) {
        out += ']';
    }
}

}  // namespace hail::batch
