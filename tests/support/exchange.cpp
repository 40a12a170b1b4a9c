#include "tests/support/exchange.h"

#include <utility>

namespace hail::support {

namespace {

using namespace hail::http;

class OneJob : public JobSource {
  public:
    OneJob(const Request& request, Receiver& receiver) : job_{&request, &receiver, 0} {}

    Next next() override {
        if (started_) {
            return Next::end();
        }
        started_ = true;
        return Next::start(job_);
    }

    void done(Job& /*job*/, const Result& result) override { result_ = result; }

    Result take() { return std::move(result_); }
    bool started() const { return started_; }

  private:
    Job job_;
    Result result_;
    bool started_ = false;
};

}  // namespace

Result exchange(const Request& request, Receiver& receiver, const EngineOptions& options, base::Stop& stop) {
    EngineOptions one = options;
    one.parallel = 1;
    one.on_stop = OnStop::drop;
    Engine engine(one, stop);
    OneJob job(request, receiver);
    engine.run(job);
    Result result = job.take();
    if (!job.started()) {
        result.failure = Failure{stop.exit(), "stopped by a signal, nothing was sent", {}};
    }
    return result;
}

}  // namespace hail::support
