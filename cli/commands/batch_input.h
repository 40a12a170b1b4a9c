// The input of hail batch: its options, and the report of the records that are not valid.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/input/calls.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/stop.h"
#include "lib/bulk/record.h"

namespace hail::cli::batch {

struct InputOptions {
    input::CallsOptions calls;
    bool strict = false;  // nothing is sent if any record is not valid
};

void declare_input(options::Parser& parser, InputOptions& options);

// Throws: Error(usage) for options that do not go together.
void check_input_options(const InputOptions& options);

// The calls, of which each one that is not valid is named on stderr, up to a number of them.
class ReportedCalls : public bulk::Source {
  public:
    ReportedCalls(input::Calls& calls, output::Console& console) : calls_(calls), console_(console) {}

    Next next(bulk::Record& record) override;
    int descriptor() const override { return calls_.descriptor(); }

    std::optional<double> share_read() const { return calls_.share_read(); }
    std::uint64_t faults() const { return faults_; }
    const std::string& broken_file() const { return calls_.broken_file(); }

  private:
    input::Calls& calls_;
    output::Console& console_;
    std::uint64_t faults_ = 0;
};

// Reads the whole input, and rewinds it.
// Throws: Error(bad_input) if any record is not valid; Error(interrupted or terminated) for a signal.
void check_whole_input(input::Calls& calls, output::Console& console, const base::Stop& stop);

}  // namespace hail::cli::batch
