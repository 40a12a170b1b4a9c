// A chunk of requests that were read together. They are sent in one POST, or in several if the server accepts
// fewer at a time, and leave together, in input order or in the order of their replies.
//
// Shape:   owns the bytes of the requests and of the replies; answers are spans into them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/bulk/outcome.h"
#include "lib/rpc/batch_match.h"
#include "lib/rpc/message.h"

namespace hail::bulk {

// How one item ended, for the sink that writes it. Valid during the call that receives it.
struct Answer {
    std::uint64_t index = 0;  // counts every item of the input from 0
    std::uint64_t line = 0;   // where it began in the input, from 1
    Outcome outcome = Outcome::open;
    std::string_view request{};  // as read
    std::string_view id{};       // the user's, as JSON; empty: a notification
    std::string_view value{};    // the result or the error, as JSON
    std::string_view why{};      // of not_sent, refused and unknown

    bool is_notification() const { return id.empty(); }
};

enum class Order { input, done };

class Chunk {
  public:
    explicit Chunk(std::uint64_t first_index) : first_index_(first_index) {}

    void add(const rpc::Request& request, std::uint64_t line);

    std::size_t size() const { return items_.size(); }
    std::size_t bytes() const { return requests_.size(); }
    // The requests and the texts that keep() kept.
    std::size_t held_bytes() const { return requests_.size() + kept_bytes_; }
    bool finished() const { return decided_ == items_.size(); }

    // The number of items in [from, to) that expect a reply.
    std::size_t calls(std::size_t from, std::size_t to) const;

    // The body of a POST of items [from, to): an array, or the bare request if there is only one. Calls get
    // consecutive wire ids.
    void append_body(std::string& out, std::size_t from, std::size_t to, std::uint32_t first_wire_id) const;

    // Keeps a text alive as long as the chunk, and returns it.
    std::string_view keep(std::string text);

    // Settles the calls of [from, to) by their slots; calls without a reply become unknown with this reason.
    // Notifications become ok: an error without an id cannot be assigned to one of them.
    void settle(std::size_t from, std::size_t to, std::span<const rpc::Slot> slots,
                std::string_view missing_why);

    // Settles every item of [from, to) in the same way.
    void settle(std::size_t from, std::size_t to, Outcome outcome, std::string_view why);

    Answer answer(std::size_t position) const;

    // The positions of the items in this order: for `done`, the order of the replies in the text, with items
    // without a reply last.
    std::vector<std::uint32_t> positions(Order order) const;

  private:
    struct Item {
        std::uint64_t line = 0;
        std::uint32_t at = 0;  // in requests_
        std::uint32_t size = 0;
        std::uint32_t id_at = 0;  // from `at`
        std::uint32_t id_size = 0;
        std::uint32_t arrival = 0;
        Outcome outcome = Outcome::open;
        bool has_version = false;
        std::string_view value;
        std::string_view why;
    };

    rpc::Request request(const Item& item) const;

    std::uint64_t first_index_;
    std::size_t decided_ = 0;
    std::size_t kept_bytes_ = 0;
    std::uint32_t replies_arrived_ = 0;
    std::string requests_;
    std::vector<Item> items_;
    std::vector<std::unique_ptr<const std::string>> texts_;
};

}  // namespace hail::bulk
