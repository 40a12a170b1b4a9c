#include "cli/output/publish_report.h"

namespace hail::cli::output {

void PublishReport::pause() {
    console_.flush();
    if (progress_ != nullptr) {
        progress_->draw(CallProgress::Clock::now());
    }
}

void PublishReport::accepted(std::uint64_t, const pubsub::Accepted& answer) {
    repeated_ += answer.repeated ? 1 : 0;
    if (progress_ != nullptr) {
        progress_->count(true);
    }
    if (receivers_ == Receivers::print) {
        console_.write(std::to_string(answer.receivers.value_or(0)) + "\n");
    }
}

void PublishReport::refused(std::uint64_t number, const base::Error& error, pubsub::Refused what) {
    if (progress_ != nullptr) {
        progress_->count(false);
    }
    if (hopeless_) {
        return;
    }
    if (what == pubsub::Refused::client) {
        hopeless_ = {number, error};
        return;
    }
    ++refused_;
    if (last_ && std::string_view(last_->error.what()) == error.what()) {
        ++more_;
        last_equal_ = number;
        return;
    }
    say_more();
    last_ = {number, error};
    report(*last_, "");
}

void PublishReport::finish(const pubsub::PublishSummary& summary) {
    console_.erase();
    say_more();
    if (repeated_ > 0) {
        console_.say(std::to_string(repeated_) +
                     " messages were not added again: the stream already had their ids, or later ones");
    }
    if (hopeless_) {
        const std::uint64_t more = summary.refused - refused_ - 1;
        report(*hopeless_, more == 0 ? "" : ", and " + std::to_string(more) + " more like it");
    }
}

void PublishReport::report(const Refusal& refusal, const std::string& more) {
    const base::Error& error = refusal.error;
    console_.report(
        {error.exit(), place_(refusal.number) + ": " + error.what() + more, hinted_ ? "" : error.hint()});
    hinted_ = true;
}

void PublishReport::say_more() {
    if (more_ > 0) {
        console_.report({last_->error.exit(), "and " + std::to_string(more_) + " more like it, the last at " +
                                                  place_(last_equal_)});
    }
    more_ = 0;
}

std::string summary_text(const pubsub::PublishSummary& summary, const MessagePlace& place) {
    const auto part = [](const char* name, std::uint64_t count) {
        return count == 0 ? std::string() : std::string(", ") + name + " " + std::to_string(count);
    };
    const pubsub::Loss& loss = summary.loss;
    return "read " + std::to_string(summary.read) + ", accepted " + std::to_string(summary.accepted) +
           part("refused", summary.refused) + ", unknown " + std::to_string(loss.unknown) +
           part("not sent", loss.not_sent) + part("received by too few", summary.unheard) +
           part("possibly published twice", summary.resent) +
           (summary.complete ? "" : "; resume at " + place(summary.resume_at));
}

}  // namespace hail::cli::output
