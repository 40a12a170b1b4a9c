// The reports of publish: the number of receivers of each message on stdout, if requested, and error replies
// on stderr. An error with the same text as the one before it is only counted.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/output/call_progress.h"
#include "cli/output/console.h"
#include "lib/pubsub/publish.h"

namespace hail::cli::output {

enum class Receivers { hide, print };

// The position of a message, for diagnostics, such as "input line 2".
using MessagePlace = std::function<std::string(std::uint64_t number)>;

class PublishReport : public pubsub::PublishSink {
  public:
    // The progress is drawn unless it is null.
    PublishReport(Console& console, Receivers receivers, MessagePlace place, CallProgress* progress)
        : console_(console), receivers_(receivers), place_(std::move(place)), progress_(progress) {}

    void accepted(std::uint64_t number, const pubsub::Accepted& answer) override;
    void refused(std::uint64_t number, const base::Error& error, pubsub::Refused what) override;
    void warn(const std::string& what) override { console_.warn(what); }
    void pause() override;

    // Reports the refusals that were held back to be counted. Call it once, after the run.
    void finish(const pubsub::PublishSummary& summary);

  private:
    struct Refusal {
        std::uint64_t number;
        base::Error error;
    };
    void report(const Refusal& refusal, const std::string& more);
    void say_more();

    Console& console_;
    Receivers receivers_;
    MessagePlace place_;
    CallProgress* progress_;
    bool hinted_ = false;          // the hint is shown only once
    std::uint64_t repeated_ = 0;   // their ids were used before
    std::uint64_t refused_ = 0;    // before the one that ended the run
    std::optional<Refusal> last_;  // the last one that was reported, and how many were equal
    std::uint64_t more_ = 0;
    std::uint64_t last_equal_ = 0;
    std::optional<Refusal> hopeless_;  // the one that ended the run
};

// One line for a person: "read 3, accepted 2, unknown 1; resume at input line 3".
std::string summary_text(const pubsub::PublishSummary& summary, const MessagePlace& place);

}  // namespace hail::cli::output
