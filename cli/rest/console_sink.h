// The progress of a call, reported on standard error.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/output/console.h"
#include "cli/output/progress.h"
#include "lib/rest/sink.h"

namespace hail::cli::rest {

class ConsoleSink : public hail::rest::Sink {
  public:
    explicit ConsoleSink(output::Console& console) : console_(console) {}

    void note(const std::string& text) override { console_.say(text); }
    void waiting(const std::string& why) override { console_.draw("waiting: " + why); }
    void receiving(std::uint64_t before, std::optional<std::uint64_t> whole) override {
        progress_.emplace("receiving", whole, output::Progress::Clock::now(), before);
    }
    void received(std::uint64_t size) override {
        if (const auto line = progress_->update(size, output::Progress::Clock::now())) {
            console_.draw(*line);
        }
    }

  private:
    output::Console& console_;
    std::optional<output::Progress> progress_;
};

}  // namespace hail::cli::rest
