#include "cli/output/journaled_answers.h"

#include "cli/output/answers.h"
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

JournaledAnswers::JournaledAnswers(const Paths& paths, bulk::Journal& journal,
                                   bulk::Journal::Durability durability)
    : journal_(journal),
      durability_(durability),
      output_(path_to_open(paths.output, journal), OutputFile::Opening::keep),
      failed_(path_to_open(paths.failed, journal), OutputFile::Opening::keep),
      unknown_(path_to_open(paths.unknown, journal), OutputFile::Opening::keep) {
    output_.continue_at(journal.outputs().output);
    failed_.continue_at(journal.outputs().errors);
    unknown_.continue_at(journal.outputs().unknown);
}

void JournaledAnswers::take(const bulk::Answer& answer) {
    if (answer.left) {
        return;
    }
    const bool went_well = answer.outcome == bulk::Outcome::ok;
    journal_.settled(answer.index, answer.outcome);
    if (!went_well || !answer.is_notification()) {
        line_.clear();
        append_answer(line_, answer);
        output_.write(std::string_view(line_).substr(0, line_.size() - 1));
    }
    if (!went_well) {
        (answer.outcome == bulk::Outcome::unknown ? unknown_ : failed_).write(answer.request);
    }
}

void JournaledAnswers::pause() {
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
        journal_.complete();
    }
    for (LineFile* file : {&output_, &failed_, &unknown_}) {
        if (end == End::complete) {
            file->finish();
        } else {
            file->keep_part();
        }
    }
}

}  // namespace hail::cli::output
