// Reads the reply to one POST, matches it with the calls in it, and gives the verdict on each.
//
// Shape:   the verdict's views point into texts that the scheduler keeps, and into the judge until the next
//          call.
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/batch/post_slot.h"
#include "lib/batch/run.h"
#include "lib/bulk/scheduler.h"
#include "lib/bulk/verdict.h"
#include "lib/http/engine.h"
#include "lib/rpc/batch_match.h"

namespace hail::batch {

class ReplyJudge {
  public:
    explicit ReplyJudge(Observed& observed) : observed_(observed) {}

    bulk::Verdict judge(PostSlot& post, const http::Result& result, bulk::Scheduler& scheduler);

  private:
    struct Exchange {
        std::string_view text;
        rpc::BatchReply reply;
        bool overflowed = false;
        std::size_t answered = 0;  // of the calls
    };

    Exchange read(PostSlot& post, const http::Result& result, bulk::Scheduler& scheduler);
    static std::string why_missing(const Exchange& exchange, const http::Result& result);
    bulk::Verdict judge_matched(PostSlot& post, const http::Result& result, const Exchange& exchange,
                                bulk::Scheduler& scheduler);
    void judge_call_error(bulk::Finding& finding, const PostSlot& post, const http::ReplyHead& head,
                          bulk::Scheduler& scheduler, bulk::Verdict& verdict);
    void count_code(std::int64_t code);

    Observed& observed_;
    std::vector<rpc::Slot> slots_;
    std::vector<bulk::Finding> findings_;
};

}  // namespace hail::batch
