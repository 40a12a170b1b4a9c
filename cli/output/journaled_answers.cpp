#include "cli/output/journaled_answers.h"

#include "lib/base/file.h"
#include "lib/base/output_path.h"
#include "lib/base/part_file.h"

namespace hail::cli::output {

namespace {

// A complete run has renamed its parts, unless a crash came between.
std::string path_to_open(const std::string& path, const bulk::Journal& journal) {
    const bool renamed =
        journal.is_complete() && !path.empty() && !base::exists(base::part_of(base::resolve_links(path)));
    return renamed ? std::string() : path;
}

}  // namespace

JournaledAnswers::JournaledAnswers(const Paths& paths, As as, bulk::Journal& journal,
                                   bulk::Journal::Durability durability, CallProgress& progress)
    : journal_(journal),
      durability_(durability),
      output_(path_to_open(paths.output, journal), OutputFile::Opening::keep),
      failed_(path_to_open(paths.failed, journal), OutputFile::Opening::keep),
      unknown_(path_to_open(paths.unknown, journal), OutputFile::Opening::keep),
      text_(as, journal.outputs().output > 0),
      progress_(progress) {
    output_.continue_at(journal.outputs().output);
    failed_.continue_at(journal.outputs().errors);
    unknown_.continue_at(journal.outputs().unknown);
}

void JournaledAnswers::take(const bulk::Answer& answer) {
    if (answer.left) {
        return;
    }
    journal_.settled(answer.index, answer.outcome);
    output_.append(text_.next(answer));
    progress_.count(answer.outcome);
    if (answer.outcome != bulk::Outcome::ok &&
        !answer.request.empty()) {  // a record that is not JSON has none
        (answer.outcome == bulk::Outcome::unknown ? unknown_ : failed_).write(answer.request);
    }
}

void JournaledAnswers::pause() {
    progress_.draw(CallProgress::Clock::now());
    if (!journal_.has_settled()) {
        return;
    }
    for (LineFile* file : {&output_, &failed_, &unknown_}) {
        file->flush();
        if (durability_ == bulk::Journal::Durability::power) {
            file->sync();
        }
    }
    journal_.commit({.output = output_.size(), .errors = failed_.size(), .unknown = unknown_.size()});
}

void JournaledAnswers::end(End end) {
    pause();
    if (end == End::complete && !journal_.is_complete()) {
        output_.append(text_.end());
        output_.flush();
        journal_.commit({.output = output_.size(), .errors = failed_.size(), .unknown = unknown_.size()});
        journal_.complete();
    }
    // The output is last: when it has its name, the run is over.
    for (LineFile* file : {&failed_, &unknown_, &output_}) {
        if (end == End::complete) {
            file->finish();
        } else {
            file->keep_part();
        }
    }
}

}  // namespace hail::cli::output
