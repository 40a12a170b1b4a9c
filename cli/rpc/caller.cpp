#include "cli/rpc/caller.h"

#include <algorithm>
#include <utility>

#include "lib/base/backoff.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::cli::rpc {

namespace {

constexpr std::string_view transmission_id = "X-Transmission-Session-Id";
constexpr std::string_view mcp_id = "Mcp-Session-Id";
constexpr std::int64_t warming_up = -28;
constexpr base::Milliseconds first_wait(250);
constexpr base::Milliseconds longest_wait(2'000);

std::string why(const Answer& answer) {
    if (answer.made.result.failure) {
        return base::one_line(answer.made.result.failure->why);
    }
    if (answer.reply.kind == hail::rpc::Reply::Kind::error) {
        return one_line(answer.reply.error);
    }
    return "status " + std::to_string(answer.status());
}

}  // namespace

Caller::Caller(CallTerms terms, output::Console& console, base::Stop& stop)
    : terms_(std::move(terms)),
      console_(console),
      stop_(stop),
      log_(console, terms_.call.retry),
      client_(terms_.call, log_, stop),
      ready_until_(base::Deadline::after(terms_.wait)),
      retry_until_(base::Deadline::after(terms_.call.retry.most)) {}

Answer Caller::call(http::Request request, const std::string& id) {
    for (std::uint64_t attempts = 1;; ++attempts) {
        Answer answer = exchange(request, id);
        const auto delay = delay_before_next(answer, attempts);
        if (!delay) {
            return answer;
        }
        console_.say(why(answer) + "; trying again in " + base::format_duration(*delay));
        if (!stop_.sleep(*delay)) {
            answer.made.result.failure =
                http::Failure{stop_.exit(), "stopped by a signal between two attempts", {}};
            return answer;
        }
    }
}

Answer Caller::exchange(http::Request& request, const std::string& id) {
    const base::Deadline until = base::Deadline::after(terms_.call.engine.connect.timeout);
    Answer answer = exchange_once(request, id, {});
    const http::ReplyHead& head = answer.made.result.head;
    const auto wanted = head.find(transmission_id);
    if (!answer.made.result.failure && head.status() == 409 && wanted) {
        http::set_header(request, transmission_id, std::string(*wanted));
        learn(head, transmission_id);
        answer = exchange_once(request, id, answer.made.attempts == 1 ? until : base::Deadline());
    }
    learn(answer.made.result.head, mcp_id);
    return answer;
}

Answer Caller::exchange_once(const http::Request& request, const std::string& id, base::Deadline until) {
    Answer answer;
    answer.receiver = std::make_unique<ReplyReceiver>(id, terms_.max_reply, terms_.results, console_);
    answer.made = client_.call(request, *answer.receiver, until);
    answer.reply = answer.receiver->read();
    return answer;
}

void Caller::learn(const http::ReplyHead& head, std::string_view name) {
    if (const auto value = head.find(name)) {
        std::erase_if(learnt_, [&](const http::Header& header) { return header.name == name; });
        learnt_.push_back({std::string(name), std::string(*value)});
    }
}

bool Caller::is_warming_up(const Answer& answer) const {
    if (answer.made.result.failure) {
        return answer.made.result.failure->exit == base::Exit::unreachable &&
               !answer.made.result.failure->lasts;
    }
    const bool says_so =
        answer.reply.kind == hail::rpc::Reply::Kind::error && answer.reply.error.number() == warming_up;
    return says_so || answer.status() == 503;
}

bool Caller::is_to_be_retried(const Answer& answer) const {
    return !answer.made.result.failure && answer.reply.kind == hail::rpc::Reply::Kind::error &&
           std::find(terms_.retry_on.begin(), terms_.retry_on.end(), answer.reply.error.code) !=
               terms_.retry_on.end();
}

std::optional<base::Milliseconds> Caller::delay_before_next(const Answer& answer,
                                                            std::uint64_t attempts) const {
    if (answer.receiver->has_streamed() || stop_.raised() != 0) {
        return std::nullopt;
    }
    if (terms_.wait && is_warming_up(answer)) {
        const base::Milliseconds left(ready_until_.poll_milliseconds());
        const base::Milliseconds delay = base::backoff(attempts, base::random_number(), first_wait);
        return left.count() > 0 ? std::optional(std::min({delay, longest_wait, left})) : std::nullopt;
    }
    if (attempts > terms_.call.retry.retries || !is_to_be_retried(answer)) {
        return std::nullopt;
    }
    const base::Milliseconds delay = base::backoff(attempts, base::random_number());
    const int left = retry_until_.poll_milliseconds();
    return left < 0 || delay.count() < left ? std::optional(delay) : std::nullopt;
}

}  // namespace hail::cli::rpc
