#include "cli/output/publish_report.h"

namespace hail::cli::output {

void PublishReport::accepted(std::uint64_t, const pubsub::Accepted& answer) {
    if (receivers_ == Receivers::print) {
        console_.write(std::to_string(answer.receivers.value_or(0)) + "\n");
    }
}

void PublishReport::refused(std::uint64_t number, const base::Error& error, pubsub::Refused) {
    console_.report(
        base::Error(error.exit(), place_(number) + ": " + error.what(), hinted_ ? "" : error.hint()));
    hinted_ = true;
}

std::string summary_text(const pubsub::PublishSummary& summary, const MessagePlace& place) {
    const auto part = [](const char* name, std::uint64_t count) {
        return count == 0 ? std::string() : std::string(", ") + name + " " + std::to_string(count);
    };
    const pubsub::Loss& loss = summary.loss;
    const bool open = loss.unknown + loss.not_sent > 0;
    return "read " + std::to_string(summary.read) + ", accepted " + std::to_string(summary.accepted) +
           part("refused", summary.refused) + ", unknown " + std::to_string(loss.unknown) +
           part("not sent", loss.not_sent) + "; resume at " + place(open ? loss.first_tag : summary.last + 1);
}

}  // namespace hail::cli::output
