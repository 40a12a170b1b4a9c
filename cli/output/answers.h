// The output of a bulk run: one line of NDJSON for each answer, and files of the requests that failed, in a
// form that can be used as input again.

#pragma once

#include <string>

#include "cli/output/console.h"
#include "cli/output/line_file.h"
#include "lib/batch/run.h"
#include "lib/bulk/summary.h"

namespace hail::cli::output {

// {"i":0,"id":…,"result":…}, {"i":1,"id":…,"error":…} or {"i":2,"id":…,"outcome":"unknown","why":"…"}, with
// its newline. Line breaks between the tokens of a value become spaces; every other byte stays.
void append_answer(std::string& out, const bulk::Answer& answer);

// `failed` receives the requests with the outcome error, refused or not-sent; `unknown` those that may have
// been executed. A notification that succeeded is not written at all.
class Answers : public bulk::Sink {
  public:
    Answers(Console& console, LineFile& failed, LineFile& unknown)
        : console_(console), failed_(failed), unknown_(unknown) {}

    void take(const bulk::Answer& answer) override;
    void pause() override { console_.flush(); }

  private:
    Console& console_;
    LineFile& failed_;
    LineFile& unknown_;
    std::string line_;
};

// One line for a person: "5 calls: 3 ok, 1 error, 1 unknown; 2 POSTs".
std::string summary_text(const hail::batch::Report& report);
// One JSON object with all counts.
std::string summary_json(const hail::batch::Report& report);

}  // namespace hail::cli::output
