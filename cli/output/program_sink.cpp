#include "cli/output/program_sink.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

#include "cli/output/amqp_message.h"
#include "lib/base/text.h"

namespace hail::cli::output {

namespace {

constexpr std::string_view variables = "HAIL_MESSAGE_";
constexpr std::size_t most_ahead = 64;  // for each job
constexpr std::size_t most_answer = 64UL << 20U;
constexpr std::size_t most_variable = 64UL << 10U;  // of the 128 KiB that Linux allows, for base64 too

// A record of the backlog: numbers as they lie in memory, each text after its length.
class Writer {
  public:
    void number(std::uint64_t value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);  // NOLINT
    }
    void text(std::string_view value) {
        number(value.size());
        bytes_ += value;
    }
    const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        std::memcpy(&value, left_.data(), sizeof value);
        left_.remove_prefix(sizeof value);
        return value;
    }
    std::string text() {
        const std::size_t size = number();
        std::string value(left_.substr(0, size));
        left_.remove_prefix(size);
        return value;
    }
    bool at_end() const { return left_.empty(); }

  private:
    std::string_view left_;
};

void add_amqp_variables(const pubsub::Message& message,
                        const std::function<void(std::string_view, std::string_view)>& variable) {
    variable("EXCHANGE", message.exchange.value_or(""));
    variable("ROUTING_KEY", message.routing_key.value_or(""));
    if (message.queue) {
        variable("QUEUE", *message.queue);
    }
    if (message.offset) {
        variable("OFFSET", std::to_string(*message.offset));
    }
    if (message.redelivered) {
        variable("REDELIVERED", "1");
    }
    for (const pubsub::Field& property : message.properties) {
        if (property.name != "message_id") {  // which is the id
            variable(base::upper(property.name), property.value);
        }
    }
    for (const pubsub::Field& header : message.fields) {
        if (const auto name = variable_of(header.name)) {
            variable("HEADER_" + *name, header.value);
        }
    }
}

}  // namespace

ProgramSink::ProgramSink(Console& console, std::vector<std::string> words, std::size_t jobs,
                         ReadySignal ready, std::string what, Backlog backlog)
    : SubscriptionReport(console, ready, std::move(what)),
      words_(std::move(words)),
      jobs_(jobs),
      backlog_(std::move(backlog)) {}

void ProgramSink::take(const pubsub::Message& message) {
    Writer record;
    record.number(++sequence_);
    record.number(message.delivery);
    record.number(message.queue && !message.offset ? 0 : 1);
    record.text(message.channel);
    record.text(message.payload);
    // For RabbitMQ it is the name of a queue, which may have any characters.
    const std::string_view reply_to = message.reply_to.value_or("");
    record.text(is_amqp(message) && !reply_to.empty() ? "/" + std::string(reply_to) : std::string(reply_to));
    record.text(message.correlation_id.value_or(""));
    const auto variable = [&record](std::string_view name, std::string_view value) {
        if (value.size() > most_variable) {
            return;
        }
        const bool fits = value.find('\0') == value.npos;
        record.text(std::string(variables) + std::string(name) + (fits ? "" : "_BASE64"));
        record.text(fits ? std::string(value) : base::base64(value));
    };
    variable("CHANNEL", message.channel);
    variable("SEQUENCE", std::to_string(sequence_));
    const auto time = message.time.value_or(std::chrono::system_clock::now());
    variable("TIME",
             std::to_string(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count()));
    if (message.pattern) {
        variable("PATTERN", *message.pattern);
    }
    if (!id_of(message).empty()) {
        variable("ID", id_of(message));
    }
    if (is_amqp(message)) {
        add_amqp_variables(message, variable);
    }
    if (message.delivery != 0) {
        if (!is_amqp(message)) {
            variable("DELIVERIES", std::to_string(message.deliveries));
        }
        ++unsettled_;
    }
    Writer whole;
    whole.text(record.bytes());
    backlog_.add(whole.bytes());
    start();
}

std::string ProgramSink::take_bytes(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        const std::string_view piece = backlog_.front().substr(0, size - bytes.size());
        bytes += piece;
        backlog_.consume(piece.size());
    }
    return bytes;
}

void ProgramSink::look_ahead() {
    const std::size_t most = jobs_ == 1 ? 1 : jobs_ * most_ahead;
    while (waiting_.size() < most && !backlog_.empty()) {
        const std::string length = take_bytes(sizeof(std::uint64_t));
        const std::string bytes = take_bytes(Reader(length).number());
        Reader record(bytes);
        Waiting next;
        next.sequence = record.number();
        next.delivery = record.number();
        next.in_turn = record.number() != 0;
        next.channel = record.text();
        next.payload = record.text();
        next.reply_to = record.text();
        next.correlation_id = record.text();
        while (!record.at_end()) {
            std::string name = record.text();
            next.environment.emplace_back(std::move(name), record.text());
        }
        waiting_.push_back(std::move(next));
    }
}

bool ProgramSink::is_running(const std::string& channel) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&](const Job& job) { return job.message.channel == channel; });
}

// The first message that need not wait for its turn, or whose channel has no program running; an earlier one
// of the same channel is found before it.
void ProgramSink::start() {
    while (running_.size() < jobs_) {
        look_ahead();
        const auto next = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& message) {
            return !message.in_turn || !is_running(message.channel);
        });
        if (next == waiting_.end()) {
            return;
        }
        Job job{std::move(*next), nullptr};
        waiting_.erase(next);
        job.child = std::make_unique<base::Child>(
            base::ChildOptions{.words = words_,
                               .environment = std::move(job.message.environment),
                               .input = std::move(job.message.payload),
                               .keep_output = answer_ ? std::optional(most_answer) : std::nullopt,
                               .withheld = std::string(variables)});
        running_.push_back(std::move(job));
    }
}

void ProgramSink::finish() {
    for (std::size_t at = 0; at < running_.size();) {
        running_[at].child->advance();
        const std::optional<int> status = running_[at].child->ended();
        if (!status) {
            ++at;
            continue;
        }
        // Before its answer, which may end the run: it is told once.
        const Job job = std::move(running_[at]);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(at));
        settle(job, *status);
    }
}

void ProgramSink::settle(const Job& job, int status) {
    const bool done = status == 0;
    if (!done) {
        ++failed_;
        console().report({base::Exit::unexpected, base::one_line(words_.front()) + ": " +
                                                      base::describe_status(status) + " for message " +
                                                      std::to_string(job.message.sequence) + " of '" +
                                                      base::one_line(job.message.channel, 60) + "'"});
    }
    if (answer_) {
        answer(job, status);
    }
    if (job.message.delivery != 0) {
        --unsettled_;
        const bool told =
            answer_ && !job.message.reply_to.empty() && answered_failure_ == AnsweredFailure::is_handled;
        handled_.push_back(
            {job.message.delivery, done || told ? pubsub::Settlement::done : pubsub::Settlement::failed});
    }
}

void ProgramSink::answer(const Job& job, int status) {
    if (job.message.reply_to.empty()) {
        console().warn("message " + std::to_string(job.message.sequence) + " of '" +
                       base::one_line(job.message.channel, 60) + "' did not ask for an answer");
        return;
    }
    const bool failed = status != 0 || job.child->output_too_large();
    const std::string failure = status != 0 ? base::describe_status(status) : "the answer is too large";
    answer_({.channel = job.message.reply_to,
             .payload = failed ? std::string_view(failure) : std::string_view(job.child->output()),
             .correlation_id = std::string_view(job.message.correlation_id),
             .failed = failed},
            keep_alive_);
}

void ProgramSink::pause() {
    finish();
    start();
}

void ProgramSink::add_polls(std::vector<pollfd>& polls) {
    for (const Job& job : running_) {
        job.child->add_polls(polls);
    }
}

void ProgramSink::polled(std::span<const pollfd> polls) {
    if (std::any_of(polls.begin(), polls.end(), [](const pollfd& entry) { return entry.revents != 0; })) {
        pause();
    }
}

void ProgramSink::collect(std::vector<pubsub::Handled>& handled) {
    handled.insert(handled.end(), handled_.begin(), handled_.end());
    handled_.clear();
}

}  // namespace hail::cli::output
