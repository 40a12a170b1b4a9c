#include "lib/http/exchange.h"

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

class OneJob : public Jobs {
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

base::Exit exit_of(int status) {
    if (status >= 500) {
        return base::Exit::server_error;
    }
    if (status >= 400) {
        return base::Exit::client_error;
    }
    return status >= 300 ? base::Exit::redirected : base::Exit::ok;
}

void fail(const Request& request, const Failure& failure) {
    throw base::Error(failure.exit, request.method + " " + base::one_line(request.url) + ": " + failure.why,
                      failure.hint);
}

}  // namespace hail::http
