// The output of a bulk run that can be continued: the journal knows which answers are in the files.
//
// Throws:  Error(output_failed), Error(bad_input) for files that are not those of the journal.

#pragma once

#include <string>

#include "cli/output/answers.h"
#include "cli/output/call_progress.h"
#include "cli/output/line_file.h"
#include "lib/bulk/journal.h"
#include "lib/bulk/summary.h"

namespace hail::cli::output {

class JournaledAnswers : public bulk::Sink {
  public:
    // As for Answers; empty: no such file.
    struct Paths {
        std::string output;
        std::string failed;
        std::string unknown;
    };

    // Continues the files where the journal says.
    JournaledAnswers(const Paths& paths, As as, bulk::Journal& journal, bulk::Journal::Durability durability,
                     CallProgress& progress);

    // An answer that a continued run will replace is not written.
    void take(const bulk::Answer& answer) override;
    void pause() override;

    enum class End {
        complete,  // the files get their names
        left,      // they stay parts
    };
    void end(End end);

  private:
    bulk::Journal& journal_;
    bulk::Journal::Durability durability_;
    LineFile output_;
    LineFile failed_;
    LineFile unknown_;
    AnswerText text_;
    CallProgress& progress_;
};

}  // namespace hail::cli::output
