#pragma once

#include <string>

#include "cli/output/console.h"
#include "cli/output/line_file.h"
#include "lib/bulk/run.h"

// What a bulk run gives out: an NDJSON line for each answer, and the requests that failed into files that can be fed in again.

namespace hail::cli::output {

// {"i":0,"id":…,"result":…}, {"i":1,"id":…,"error":…} or {"i":2,"id":…,"outcome":"unknown","why":"…"}, with its newline.
// Line feeds between the tokens of a value become spaces, every other byte stays.
void append_answer(std::string& out, const bulk::Answer& answer);

class Answers : public bulk::Sink {
  public:
    // failed: error, refused and not-sent; unknown: those that may have run. Neither is written for notifications that went well.
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

// For people, one line: "5 calls: 3 ok, 1 error, 1 unknown; 2 POSTs".
std::string summary_text(const bulk::Summary& summary);
// The same and more as one JSON object.
std::string summary_json(const bulk::Summary& summary);

}  // namespace hail::cli::output
