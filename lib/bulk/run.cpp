#include "lib/bulk/run.h"

#include "lib/bulk/scheduler.h"

namespace hail::bulk {

Summary run(http::Engine& engine, base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
            const RunOptions& options) {
    Scheduler scheduler(stop, model, source, sink, options);
    engine.run(scheduler);
    return scheduler.finish();
}

}  // namespace hail::bulk
