// The journal of a bulk run: a file that says after any crash which records were sent, and which of them have
// an outcome that was written to the output.
//
// Format:  one line, "hail journal 1 " and the SHA-256 of the run's identity in hex; then entries of 32
//          bytes, little-endian: type (1 byte), outcome (1), zero (2), CRC-32 of the other bytes (4), and
//          three numbers (8 each):
//            S  first and last index of records that are about to be sent
//            L  first and last index of records that were sent, but did not run
//            D  first and last index of records with this outcome, whose lines are in the outputs
//            O  sizes of the outputs that hold these lines
//            R  number of records read so far, and the CRC-32 of their texts
//            E  the run is complete
//          The first entry that is not valid was torn by a crash; it is cut off, with everything after it. So
//          are outcomes (D) at the end without their outputs (O).
// Truth:   S is written before the first byte of the records is sent, and D after the output was written. A
//          record with S and without D may have run.
// Memory:  ranges of indices, whatever the length of the run.
// Throws:  Error(output_failed) if it cannot be written or is in use, Error(bad_input) if it belongs to
//          another run or another input.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/owned.h"
#include "lib/bulk/index_ranges.h"
#include "lib/bulk/outcome.h"

namespace hail::bulk {

class Journal {
  public:
    // Sizes in bytes.
    struct Outputs {
        std::uint64_t output = 0;
        std::uint64_t errors = 0;
        std::uint64_t unknown = 0;
    };

    enum class Durability {
        process,  // survives the end of the process
        power,    // and of the machine: every entry is on the disk before the run continues
    };

    // The identity stands for all that must be the same when a run is continued.
    Journal(const std::string& path, std::string_view identity, Durability durability);

    // The earlier runs.
    bool is_complete() const { return complete_; }
    const Outputs& outputs() const { return outputs_; }
    std::uint64_t count(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }

    enum class Fate { open, in_flight, done };
    Fate fate(std::uint64_t index) const;

    // Every record of the input, in order, and its end: compares them with those of the earlier runs.
    void read(std::string_view text);
    void end_of_input() const;

    void sending(std::uint64_t first, std::uint64_t last);
    void did_not_run(std::uint64_t first, std::uint64_t last);  // they were refused, or did not arrive
    void settled(std::uint64_t index, Outcome outcome);         // with the next commit()
    bool has_settled() const { return !settled_.empty(); }
    // After the lines of all settled records were written.
    void commit(const Outputs& outputs);
    void complete();

  private:
    enum class Type : char { sent = 'S', left = 'L', done = 'D', outputs = 'O', read = 'R', end = 'E' };

    struct Entry {
        Type type = Type::end;
        Outcome outcome = Outcome::open;
        std::array<std::uint64_t, 3> numbers{};
    };

    // The input up to a record.
    struct Checkpoint {
        std::uint64_t records = 0;
        std::uint32_t checksum = 0;
    };

    void load(std::string_view identity);
    void take(const Entry& entry);
    void append(const Entry& entry);
    void write();
    void compare(const std::optional<Checkpoint>& checkpoint) const;
    static std::optional<Entry> parse(std::string_view bytes);
    static bool is_valid(const Entry& entry);
    bool may_follow(const Entry& entry) const;

    std::string path_;
    Durability durability_;
    base::Descriptor file_;
    bool complete_ = false;

    IndexRanges in_flight_;
    IndexRanges done_;
    Outputs outputs_;
    std::array<std::uint64_t, outcome_count> counts_{};
    std::optional<Checkpoint> first_;  // of the earlier runs
    std::optional<Checkpoint> last_;

    Checkpoint now_;
    std::vector<Entry> settled_;
    std::string buffer_;
};

}  // namespace hail::bulk
