// The messages that may have to be sent again: copies of all that have no answer yet, in their order.
//
// Shape:   first those in flight, then those that wait to be sent. Tags increase. Bounded by its user.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/pubsub/message.h"

namespace hail::pubsub {

class KeptMessages {
  public:
    // Adds a message that waits to be sent: once it is whole, if it comes in pieces.
    void keep(const Message& message, std::uint64_t tag);

    bool empty() const { return kept_.empty(); }
    std::size_t bytes() const { return bytes_; }
    std::uint64_t first_tag() const { return kept_.front().tag; }

    // The next message that waits to be sent, and its tag; call sent() once it is in flight.
    bool any_waiting() const { return in_flight_ < kept_.size(); }
    std::pair<Message, std::uint64_t> waiting() const;
    void sent() { ++in_flight_; }

    // Returns whether it may have been published before.
    bool answered(std::uint64_t tag);

    // A message that the broker refused for now is held until it is sent again. take_held() removes the held
    // messages before this one and returns them.
    struct Held {
        std::uint64_t tag = 0;
        base::Error error;
        bool maybe_published = false;
    };
    void hold(std::uint64_t tag, const base::Error& error);
    bool any_held() const { return held_ > 0; }
    const base::Error& first_error() const;
    std::vector<Held> take_held(std::uint64_t before);

    // Nothing is in flight any longer: all wait to be sent. The first `unknown` of them may have been
    // published.
    void send_again(std::uint64_t unknown);
    std::uint64_t maybe_published() const;
    void drop_maybe_published();
    std::size_t size() const { return kept_.size(); }

  private:
    // Copies of fields, and the views of them that a Message has.
    class OwnedFields {
      public:
        explicit OwnedFields(std::span<const Field> fields);
        std::span<const Field> views() const { return views_; }
        std::size_t bytes() const { return bytes_; }

      private:
        std::deque<std::string> texts_;
        std::vector<Field> views_;
        std::size_t bytes_ = 0;
    };
    struct Kept {
        Kept(const Message& message, std::uint64_t number);
        std::size_t bytes() const {
            return sizeof(Kept) + channel.size() + payload.size() + fields.bytes() + properties.bytes();
        }

        std::uint64_t tag;
        std::string channel;
        std::string payload;
        std::optional<std::string> id;
        std::optional<std::string> reply_to;
        std::optional<std::string> correlation_id;
        OwnedFields fields;
        OwnedFields properties;
        std::optional<base::Error> held{};
        bool maybe_published = false;
        bool answered = false;
    };
    Kept& find(std::uint64_t tag);
    void pop();
    template <typename Which>
    void erase(const Which& which);

    std::string pieces_;  // of the message that is not whole yet
    std::deque<Kept> kept_;
    std::size_t in_flight_ = 0;
    std::size_t held_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace hail::pubsub
