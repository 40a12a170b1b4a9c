// A chunk of records that were read together. They are sent in one shipment, or in several if the peer
// accepts fewer at a time, and leave together, in input order or in the order of their replies.
//
// Shape:   owns the bytes of the records and of the replies; answers are spans into them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/bulk/outcome.h"
#include "lib/bulk/record.h"
#include "lib/bulk/verdict.h"

namespace hail::bulk {

// How one record ended, for the sink that writes it. Valid during the call that receives it.
struct Answer {
    std::uint64_t index = 0;  // counts every record of the input from 0
    std::uint64_t line = 0;   // where it began in the input, from 1
    Outcome outcome = Outcome::open;
    std::string_view request{};  // as read
    std::string_view id{};       // the user's; empty: no reply was expected
    std::string_view value{};    // the result or the error
    std::string_view why{};      // of not_sent, refused and unknown

    bool left = false;  // a continued run may send it

    bool is_notification() const { return id.empty(); }
};

enum class Order { input, done };

class Chunk {
  public:
    // Forgets everything but the memory, for another chunk.
    void clear();

    // A record with a fault is settled at once.
    void add(const Record& record, std::uint64_t index);

    std::size_t size() const { return items_.size(); }
    std::size_t bytes() const { return texts_of_records_.size(); }
    // The records and the texts that keep() kept.
    std::size_t held_bytes() const { return texts_of_records_.size() + kept_bytes_; }
    bool finished() const { return decided_ == items_.size(); }
    bool is_open(std::size_t position) const { return items_[position].outcome == Outcome::open; }
    std::uint64_t index(std::size_t position) const { return items_[position].index; }
    bool expects_reply(std::size_t position) const { return items_[position].id_size > 0; }
    std::size_t open() const { return items_.size() - decided_; }

    // Without its fault. Valid as long as the chunk does not grow.
    Record record(std::size_t position) const;

    // Keeps a text alive as long as the chunk, and returns it.
    std::string_view keep(std::string text);

    void settle(std::size_t position, const Finding& finding);
    // Notes that a continued run may send the item.
    void leave(std::size_t position) { items_[position].left = true; }
    // Notes that an attempt may have run the item, whatever becomes of the next one.
    void note_may_have_run(std::size_t position) { items_[position].may_have_run = true; }
    bool may_have_run(std::size_t position) const { return items_[position].may_have_run; }
    // Places later arrivals after those of an exchange with this many replies.
    void pass_arrivals(std::size_t replies) { arrivals_passed_ += static_cast<std::uint32_t>(replies); }

    Answer answer(std::size_t position) const;

    // The positions of the items in this order: for `done`, the order of their replies, with items without a
    // reply last.
    std::vector<std::uint32_t> positions(Order order) const;

  private:
    struct Item {
        std::uint64_t index = 0;
        std::uint64_t line = 0;
        std::uint32_t at = 0;  // in texts_of_records_
        std::uint32_t size = 0;
        std::uint32_t id_at = 0;  // from `at`
        std::uint32_t id_size = 0;
        std::uint32_t arrival = 0;
        Outcome outcome = Outcome::open;
        std::uint8_t form = 0;
        bool idempotent = false;
        bool may_have_run = false;
        bool left = false;
        std::string_view value;
        std::string_view why;
    };

    std::size_t decided_ = 0;
    std::size_t kept_bytes_ = 0;
    std::uint32_t arrivals_passed_ = 0;
    std::string texts_of_records_;
    std::vector<Item> items_;
    std::vector<std::unique_ptr<const std::string>> kept_;
};

}  // namespace hail::bulk
