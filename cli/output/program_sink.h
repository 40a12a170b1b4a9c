// Runs a program for every message, with the payload on its stdin and the rest in its environment.
//
// Shape:   at most `jobs` programs run at once, and those of one channel one after the other, in the order of
//          the messages; only a named queue of RabbitMQ, which several readers may share, has no order that
//          counts. Messages that wait lie in the backlog. A message is handled if its program ends with
//          0. With answer_with(), the output of the program is the answer to a request; otherwise it goes to
//          stdout. HAIL_MESSAGE_CHANNEL, _PATTERN, _SEQUENCE, _TIME (seconds since 1970), _ID and _DELIVERIES
//          are set as far as they are known; a value with a NUL, which no variable can hold, is in a variable
//          whose name ends in _BASE64 instead. RabbitMQ adds _EXCHANGE, _ROUTING_KEY, _QUEUE, _OFFSET,
//          _REDELIVERED (1), each property under its name, and _HEADER_name for each header with a name that
//          suits a variable. Values of more than 64 KiB are left out, because an environment is limited.
// Throws:  as lib/base/child.h, and as Backlog.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/output/backlog.h"
#include "cli/output/console.h"
#include "cli/output/ready_signal.h"
#include "cli/output/subscription_report.h"
#include "lib/base/child.h"

namespace hail::cli::output {

class ProgramSink : public SubscriptionReport {
  public:
    ProgramSink(Console& console, std::vector<std::string> words, std::size_t jobs, ReadySignal ready,
                std::string what, Backlog backlog);

    // Answers requests with the output of their program, or with its failure, and calls the action while it
    // waits.
    using Answer =
        std::function<void(const pubsub::Message& answer, const std::function<void()>& keep_alive)>;
    // A request that got its failure for an answer is handled, unless the broker is to learn of it as well.
    enum class AnsweredFailure { is_handled, is_failed };
    void answer_with(Answer answer, AnsweredFailure failure) {
        answer_ = std::move(answer);
        answered_failure_ = failure;
    }

    void take(const pubsub::Message& message) override;
    void keep_alive_with(const std::function<void()>& keep_alive) override { keep_alive_ = keep_alive; }
    bool takes_properties() const override { return true; }
    void cut() override {}  // it takes no pieces
    void pause() override;
    bool takes_more() const override { return unsettled_ == 0 || !backlog_.full(); }
    void add_polls(std::vector<pollfd>& polls) override;
    void polled(std::span<const pollfd> polls) override;
    bool idle() const override { return running_.empty() && waiting_.empty() && backlog_.empty(); }
    void collect(std::vector<pubsub::Handled>& handled) override;

    std::uint64_t failed() const { return failed_; }
    std::uint64_t dropped() const { return backlog_.dropped(); }

  private:
    struct Waiting {
        std::uint64_t sequence = 0;
        std::uint64_t delivery = 0;
        bool in_turn = true;  // after those of its channel before it
        std::string channel;
        std::string payload;
        std::string reply_to;  // empty: nobody waits for an answer
        std::string correlation_id;
        std::vector<std::pair<std::string, std::string>> environment;
    };
    struct Job {
        Waiting message;
        std::unique_ptr<base::Child> child;
    };

    bool is_running(const std::string& channel) const;
    void look_ahead();
    void start();
    void finish();
    void settle(const Job& job, int status);
    void answer(const Job& job, int status);
    std::string take_bytes(std::size_t size);

    std::vector<std::string> words_;
    std::size_t jobs_;
    Backlog backlog_;
    Answer answer_;
    AnsweredFailure answered_failure_ = AnsweredFailure::is_failed;
    std::function<void()> keep_alive_;
    std::deque<Waiting> waiting_;  // the oldest messages, taken from the backlog to find a free channel
    std::vector<Job> running_;
    std::vector<pubsub::Handled> handled_;
    std::uint64_t sequence_ = 0;
    std::uint64_t unsettled_ = 0;
    std::uint64_t failed_ = 0;
};

}  // namespace hail::cli::output
