#include "lib/bulk/run.h"

#include "lib/bulk/jobs.h"

namespace hail::bulk {

Summary run(http::Engine& engine, base::Stop& stop, const http::Request& model, Source& source, Sink& sink,
            const RunOptions& options) {
    Jobs jobs(stop, model, source, sink, options);
    engine.run(jobs);
    return jobs.finish();
}

}  // namespace hail::bulk
