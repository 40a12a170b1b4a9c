#include "lib/batch/run.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "lib/batch/challenges.h"
#include "lib/batch/post_slot.h"
#include "lib/batch/reply_judge.h"
#include "lib/bulk/scheduler.h"
#include "lib/http/call.h"
#include "lib/http/login_hint.h"
#include "lib/rpc/message.h"

namespace hail::batch {

namespace {

// Carries the scheduler's shipments in POSTs.
class Posts : public http::JobSource {
  public:
    Posts(base::Stop& stop, bulk::Scheduler& scheduler, const http::Request& model, const Options& options,
          Observed& observed)
        : stop_(stop),
          scheduler_(scheduler),
          model_(model),
          challenges_(model),
          tick_(options.tick),
          judge_(observed) {
        for (std::size_t tag = 0; tag < options.run.parallel; ++tag) {
            slots_.push_back(std::make_unique<PostSlot>(model, options.max_reply, tag));
        }
    }

    http::Next next() override {
        if (!again_.empty()) {
            PostSlot& slot = *again_.back();
            again_.pop_back();
            return http::Next::start(slot.job);
        }
        const bulk::Step step = scheduler_.next();
        switch (step.kind) {
            case bulk::Step::Kind::send: {
                PostSlot& slot = *slots_[step.slot];
                const bulk::Shipment& shipment = scheduler_.shipment(step.slot);
                slot.load(shipment, take_wire_ids(shipment.size()));
                challenges_.prepare(slot);
                return http::Next::start(slot.job);
            }
            case bulk::Step::Kind::wait:
                return http::Next::wait(step.descriptor, step.until);
            case bulk::Step::Kind::end:
                break;
        }
        return http::Next::end();
    }

    void done(http::Job& job, const http::Result& result) override {
        PostSlot& slot = *slots_[job.tag];
        if (stop_.raised() == 0 && challenges_.answer(slot, result)) {
            slot.collector.clear();
            again_.push_back(&slot);
            return;
        }
        bulk::Verdict verdict = judge_.judge(slot, result, scheduler_);
        if (verdict.all.then == bulk::Then::stop && verdict.all.hint.empty()) {
            http::CallResult call;
            call.result = result;
            call.request = model_;
            call.digest = challenges_.digest_end();
            verdict.all.hint = http::login_hint(call);
        }
        scheduler_.done(job.tag, verdict);
    }

    base::Deadline tick() override { return tick_ ? tick_() : base::Deadline(); }

    // Shipments that a signal kept from being sent again were refused.
    void settle_again() {
        const std::string why = "the server asked for a login or a session, and a signal stopped the run";
        for (const PostSlot* const slot : std::exchange(again_, {})) {
            scheduler_.done(
                slot->job.tag,
                {.all = {bulk::Outcome::refused, bulk::Then::settle, why, base::Exit::refused, {}}});
        }
    }

  private:
    std::uint32_t take_wire_ids(std::size_t count) {
        if (count > rpc::max_wire_id - next_wire_id_) {
            next_wire_id_ = 1;
        }
        return std::exchange(next_wire_id_, next_wire_id_ + static_cast<std::uint32_t>(count));
    }

    base::Stop& stop_;
    bulk::Scheduler& scheduler_;
    const http::Request& model_;
    Challenges challenges_;
    const std::function<base::Deadline()>& tick_;
    ReplyJudge judge_;
    std::uint32_t next_wire_id_ = 1;
    std::vector<std::unique_ptr<PostSlot>> slots_;
    std::vector<PostSlot*> again_;  // to send once more, with what the server asked for
};

}  // namespace

Report run(http::Engine& engine, base::Stop& stop, const http::Request& model, bulk::Source& source,
           bulk::Sink& sink, const Options& options) {
    Report report;
    bulk::Scheduler scheduler(stop, source, sink, options.run);
    Posts posts(stop, scheduler, model, options, report.observed);
    engine.run(posts);
    posts.settle_again();
    report.summary = scheduler.finish();
    // It is not known which of the notifications got the errors.
    report.summary.ok -= std::min(report.summary.ok, report.observed.notification_errors);
    return report;
}

}  // namespace hail::batch
