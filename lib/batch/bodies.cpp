#include "lib/batch/bodies.h"

#include "lib/batch/record.h"

namespace hail::batch {

void Bodies::fill(bulk::Chunk& chunk) {
    while (!ended_ && chunk.size() < options_.most_at_once() && chunk.bytes() < options_.chunk_bytes) {
        bulk::Record record;
        switch (source_.next(record)) {
            case bulk::Source::Next::record:
                if (record.fault.empty()) {
                    chunk.add(record, 0);
                }
                break;
            case bulk::Source::Next::wait:
                ended_ = !stop_.wait_readable(source_.descriptor());
                break;
            case bulk::Source::Next::end:
                ended_ = true;
                break;
        }
    }
}

bool Bodies::next(std::string& body) {
    bulk::Chunks chunks(1);
    fill(chunks.front());
    const std::size_t size = chunks.front().size();
    if (size == 0) {
        return false;
    }
    body.clear();
    append_body(body, {.chunk = chunks.begin(), .to = size}, wire_id_);
    wire_id_ += static_cast<std::uint32_t>(size);
    return true;
}

}  // namespace hail::batch
