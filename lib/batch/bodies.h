// The bodies of the POSTs that a run would send if the server accepted them all: for a dry run.

#pragma once

#include <cstdint>
#include <string>

#include "lib/base/stop.h"
#include "lib/bulk/record.h"
#include "lib/bulk/shipment.h"
#include "lib/bulk/summary.h"

namespace hail::batch {

class Bodies {
  public:
    Bodies(bulk::Source& source, const bulk::RunOptions& options, const base::Stop& stop)
        : source_(source), options_(options), stop_(stop) {}

    // Writes the next body. False at the end of the source, and after a signal while it had nothing to read.
    bool next(std::string& body);

  private:
    void fill(bulk::Chunk& chunk);

    bulk::Source& source_;
    bulk::RunOptions options_;
    const base::Stop& stop_;
    std::uint32_t wire_id_ = 1;
    bool ended_ = false;
};

}  // namespace hail::batch
