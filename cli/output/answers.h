// The output of a bulk run: its answers, files of the requests that failed, in a form that can be used as
// input again, and a summary.

#pragma once

#include <string>
#include <string_view>

#include "cli/output/call_progress.h"
#include "cli/output/console.h"
#include "cli/output/line_file.h"
#include "lib/batch/run.h"
#include "lib/bulk/summary.h"

namespace hail::cli::output {

enum class As {
    ndjson,  // one object on each line
    array,   // the same objects as one JSON array
    result,  // the results alone, one on each line
};

// The text of one answer after the other.
class AnswerText {
  public:
    // `begun`: an earlier run has written the beginning of the array.
    explicit AnswerText(As as, bool begun = false) : as_(as), begun_(begun) {}

    // {"i":0,"id":…,"result":…}, {"i":1,"id":…,"error":…} or {"i":2,"id":…,"outcome":"unknown","why":"…"}.
    // Line breaks between the tokens of a value become spaces; every other byte stays. Empty for a
    // notification that succeeded, and for everything but a result if only results are wanted. Valid until
    // the next call.
    std::string_view next(const bulk::Answer& answer);
    // After the last answer.
    std::string_view end() const;

  private:
    As as_;
    bool begun_;
    std::string text_;
};

// `failed` receives the requests with the outcome error, refused or not-sent; `unknown` those that may have
// been executed.
class Answers : public bulk::Sink {
  public:
    Answers(Console& console, As as, LineFile& failed, LineFile& unknown, CallProgress& progress)
        : console_(console), text_(as), failed_(failed), unknown_(unknown), progress_(progress) {}

    void take(const bulk::Answer& answer) override;
    void pause() override;
    void end() { console_.write(text_.end()); }

  private:
    Console& console_;
    AnswerText text_;
    LineFile& failed_;
    LineFile& unknown_;
    CallProgress& progress_;
};

// One line for a person: "5 calls: 3 ok, 1 error, 1 unknown; 2 POSTs".
std::string summary_text(const hail::batch::Report& report);
// One JSON object with all counts.
std::string summary_json(const hail::batch::Report& report);

}  // namespace hail::cli::output
