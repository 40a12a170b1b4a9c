#include "lib/batch/reply_judge.h"

#include <algorithm>
#include <utility>

#include "lib/base/event_stream.h"
#include "lib/base/text.h"
#include "lib/batch/outcome_rules.h"
#include "lib/http/media_type.h"
#include "lib/rpc/event_stream.h"

namespace hail::batch {

namespace {

using bulk::Finding;
using bulk::Outcome;
using bulk::Then;
using bulk::Verdict;
using Peer = Verdict::Peer;

bool is_success(int status) {
    return status >= 200 && status < 300;
}

// The errors in such a reply are about the login, which every other call has too.
constexpr int login_refused = 401;

// Statuses of a server that may be the right one, but does not answer at the moment.
bool is_down(int status) {
    return status == 408 || (status >= 502 && status <= 504);
}

std::string quoted_line(std::string_view body) {
    const std::string_view text = base::trim(body);
    return text.empty() ? std::string()
                        : "'" + base::one_line(text.substr(0, text.find_first_of("\r\n")), 80) + "'";
}

std::string hint_for_strange(std::size_t requests) {
    return requests > 1 ? "the server may take no batches: --chunk 1 sends one call at a time"
                        : "check the address: it does not answer as a JSON-RPC service";
}

}  // namespace

Verdict ReplyJudge::judge(PostSlot& post, const http::Result& result, bulk::Scheduler& scheduler) {
    observed_.bytes_sent += result.request_bytes;
    observed_.bytes_received += result.reply_head_bytes + result.reply_body_bytes;
    const std::size_t requests = scheduler.shipment(post.job.tag).size();
    const int status = result.head.status();
    if (status == 0) {
        return judge_exchange(result, {}, requests);
    }
    const Exchange exchange = read(post, result, scheduler);
    const rpc::BatchReply& reply = exchange.reply;
    if (reply.kind == rpc::BatchReply::Kind::refused) {
        return judge_refusal(reply.refusal, result.head, requests);
    }
    const bool lone_error = requests == 1 && post.calls == 0 && reply.notification_errors > 0;
    if (lone_error) {
        return {.all = {Outcome::refused,
                        Then::settle,
                        rpc::one_line(reply.unattributed),
                        base::Exit::refused,
                        {}},
                .peer = Peer::works};
    }
    const bool delivered =
        is_success(status) && !result.failure && reply.kind == rpc::BatchReply::Kind::matched;
    if (exchange.answered == 0 && !(delivered && post.calls == 0)) {
        Verdict verdict = judge_exchange(result, why_missing(exchange, result), requests);
        if (verdict.peer == Peer::strange && !is_down(status)) {
            verdict.all.hint = hint_for_strange(requests);
        }
        return verdict;
    }
    if (status == login_refused && exchange.answered > 0) {
        const auto error = std::find_if(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
            return slot.state == rpc::Slot::State::error;
        });
        const bool no_result = std::none_of(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
            return slot.state == rpc::Slot::State::result;
        });
        if (no_result && error != slots_.end()) {
            return judge_refusal(rpc::read_error(error->value, observed_.quirks), result.head, requests);
        }
    }
    return judge_matched(post, result, exchange, scheduler);
}

std::string ReplyJudge::why_missing(const Exchange& exchange, const http::Result& result) {
    const rpc::BatchReply& reply = exchange.reply;
    if (exchange.overflowed) {
        return "the reply is larger than --max-reply";
    }
    if (!reply.unattributed.whole.empty()) {
        return rpc::one_line(reply.unattributed);
    }
    if (result.failure && exchange.answered > 0) {
        return result.failure->why;
    }
    if (!is_success(result.head.status()) && reply.kind == rpc::BatchReply::Kind::problem) {
        return quoted_line(exchange.text);
    }
    return reply.problem.empty() ? "no reply to this call" : reply.problem;
}

// The text stays with the chunk; slots_ point into it.
ReplyJudge::Exchange ReplyJudge::read(PostSlot& post, const http::Result& result,
                                      bulk::Scheduler& scheduler) {
    std::string body = post.collector.take_body();
    if (base::is_event_stream(body)) {
        if (!http::is_event_stream(result.head)) {  // hail accepts those that say what they are
            observed_.quirks.add(rpc::Quirk::event_stream);
        }
        std::vector<std::string> others;
        body = rpc::replies_as_array(rpc::event_data(body), others);
    }
    const std::size_t requests = scheduler.shipment(post.job.tag).size();
    slots_.assign(post.calls, rpc::Slot());
    const rpc::SentBatch sent{.first_id = post.first_wire_id,
                              .notifications = requests - post.calls,
                              .framing = requests > 1 ? rpc::Framing::array : rpc::Framing::single};
    const bool cut = result.failure || post.collector.overflowed();
    Exchange exchange;
    exchange.overflowed = post.collector.overflowed();
    exchange.text = scheduler.keep(post.job.tag, std::move(body));
    exchange.reply = rpc::match_batch(exchange.text, cut ? rpc::Completeness::cut : rpc::Completeness::whole,
                                      sent, slots_);
    exchange.answered =
        static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(), [](const rpc::Slot& slot) {
            return slot.state != rpc::Slot::State::missing;
        }));
    if (!observed_.framing_warning) {
        observed_.framing_warning = http::framing_warning("POST", result.head);
    }
    observed_.quirks.add(exchange.reply.quirks);
    observed_.strays += exchange.reply.strays;
    observed_.duplicates += exchange.reply.duplicates;
    return exchange;
}

Verdict ReplyJudge::judge_matched(PostSlot& post, const http::Result& result, const Exchange& exchange,
                                  bulk::Scheduler& scheduler) {
    const bulk::Shipment& shipment = scheduler.shipment(post.job.tag);
    observed_.notification_errors += exchange.reply.notification_errors;
    Verdict verdict{.peer = Peer::works};
    std::string_view missing;
    if (exchange.answered < post.calls) {
        missing = scheduler.keep(post.job.tag, why_missing(exchange, result));
    }
    findings_.clear();
    auto slot = slots_.begin();
    for (std::size_t place = 0; place < shipment.size(); ++place) {
        if (!shipment.chunk->expects_reply(shipment.position(place))) {
            findings_.push_back({.outcome = Outcome::ok});
            continue;
        }
        Finding finding{.outcome = Outcome::ok, .arrival = slot->arrival, .value = slot->value};
        if (slot->state == rpc::Slot::State::missing) {
            finding.outcome = Outcome::unknown;
            finding.why = missing;
        } else if (slot->state == rpc::Slot::State::error) {
            judge_call_error(finding, post, result.head, scheduler, verdict);
        }
        findings_.push_back(finding);
        ++slot;
    }
    verdict.each = findings_;
    // Servers that take no batches answer the first call alone.
    if (!result.failure && post.calls > 1 && exchange.answered == 1) {
        verdict.peer = Peer::strange;
        verdict.all = {Outcome::unknown, Then::settle,
                       "only one of " + std::to_string(post.calls) + " calls got a reply",
                       base::Exit::unknown, hint_for_strange(shipment.size())};
    }
    return verdict;
}

void ReplyJudge::judge_call_error(Finding& finding, const PostSlot& post, const http::ReplyHead& head,
                                  bulk::Scheduler& scheduler, Verdict& verdict) {
    const rpc::ErrorObject error = rpc::read_error(finding.value, observed_.quirks);
    const CallError judged = judge_error(error, head.status(), scheduler.shipment(post.job.tag).size());
    finding.outcome = judged.outcome;
    finding.then = judged.then;
    if (judged.outcome != Outcome::error) {
        finding.why = scheduler.keep(post.job.tag, rpc::one_line(error));
    } else {
        count_code(error.number());
    }
    if (judged.too_fast) {
        verdict.too_fast = true;
        verdict.wait = std::max(verdict.wait, asked_pause(error, head));
        verdict.all = {Outcome::refused, Then::resend, std::string(finding.why), base::Exit::refused, {}};
    }
}

// The server chooses the codes, but not how many of them are kept.
void ReplyJudge::count_code(std::int64_t code) {
    constexpr std::size_t most_codes = 100;
    const auto known = observed_.error_codes.find(code);
    if (known != observed_.error_codes.end()) {
        ++known->second;
    } else if (observed_.error_codes.size() < most_codes) {
        observed_.error_codes.emplace(code, 1);
    }
}

}  // namespace hail::batch
