#include <cstdint>
#include <string>
#include <vector>

#include "lib/json/scan.h"
#include "lib/rpc/batch_match.h"
#include "tests/fuzz/require.h"

// For every answer to a batch, each value lies in the text and is JSON, each reply has its own place in the
// order, and a refusal fills no place.

namespace {

using namespace hail::rpc;

std::vector<Slot> match(std::string_view text, Completeness completeness, std::uint8_t shape) {
    std::vector<Slot> slots(shape % 5);
    const std::size_t notifications = shape / 5 % 3;
    const SentBatch sent{.first_id = 1,
                         .notifications = notifications,
                         .framing = slots.size() + notifications > 1 ? Framing::array : Framing::single};
    const BatchReply reply = match_batch(text, completeness, sent, slots);
    for (const Slot& slot : slots) {
        const bool missing = slot.state == Slot::State::missing;
        require(missing == slot.value.empty() && missing == (slot.arrival == 0));
        require(missing || reply.kind == BatchReply::Kind::matched);
        require(missing || (slot.value.data() >= text.data() &&
                            slot.value.data() + slot.value.size() <= text.data() + text.size()));
        require(missing || !hail::json::check(slot.value, hail::json::Encoding::any));
    }
    require(reply.notification_errors <= notifications);
    require(reply.kind != BatchReply::Kind::problem || !reply.problem.empty());
    return slots;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 1) {
        return 0;
    }
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    match(text, Completeness::whole, data[0]);
    match(std::string_view(text).substr(0, text.size() / 2), Completeness::cut, data[0]);
    return 0;
}
