// The messages of one channel that the broker has not answered, and what its answers mean for them.
//
// Shape:   delivery tags count from 1 on each channel. Acks and nacks come in any order, and may answer all
//          messages up to theirs. A message that no queue takes comes back before its ack, without a tag: it
//          is the first one that is answered after that and has the same fingerprint and size.
// Throws:  Error(bad_reply) for an answer to a message that is not in flight, and for a message that comes
//          back and was not sent.
// Source:  https://www.rabbitmq.com/docs/confirms; the behaviour of RabbitMQ 3.10.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/amqp/codec.h"

namespace hail::amqp {

class ConfirmWindow {
  public:
    struct Sent {
        std::uint64_t number = 0;     // the caller's
        std::size_t begin = 0;        // of its bytes in the stream
        std::size_t fingerprint = 0;  // the caller's hash of exchange, key and as much else as it likes
        std::uint64_t size = 0;       // of its body
        std::size_t end = 0;          // of its bytes
        bool answered = false;
    };
    // An answer to one message. `returned` are the broker's words about one that came back.
    struct Answer {
        std::uint64_t number = 0;
        bool refused = false;
        const std::string* returned = nullptr;
    };

    void add(const Sent& message);
    void set_end(std::size_t end) { at(next_ - 1).end = end; }  // of the last message

    // Whether this answers a message whose bytes go on after this place in the stream.
    bool is_early(const Ack& ack, std::size_t sent) const {
        return is_known(ack.tag) && at(ack.tag).end > sent;
    }

    std::uint64_t in_flight() const { return in_flight_; }

    void returned(std::size_t fingerprint, std::uint64_t size, std::string words);

    enum class Verdict { accepted, refused };
    // Calls take(const Answer&) for each message that this answers, in their order.
    template <typename Take>
    void answered(const Ack& ack, Verdict verdict, const Take& take);

    // Calls see(const Sent&) for each message without an answer, in their order.
    template <typename See>
    void each(const See& see) const;

  private:
    struct Returned {
        std::size_t fingerprint;
        std::uint64_t size;
        std::string words;
    };
    bool is_known(std::uint64_t tag) const { return tag >= head_ && tag < next_; }
    Sent& at(std::uint64_t tag) { return ring_[tag & (ring_.size() - 1)]; }
    const Sent& at(std::uint64_t tag) const { return ring_[tag & (ring_.size() - 1)]; }
    template <typename Take>
    void settle(Sent& message, Verdict verdict, const Take& take);
    void check(const Ack& ack) const;
    void check_returns() const;

    std::vector<Sent> ring_ = std::vector<Sent>(16);  // a power of two
    std::uint64_t head_ = 1;                          // the tag of the first message without an answer
    std::uint64_t next_ = 1;                          // the tag of the next message
    std::uint64_t in_flight_ = 0;
    std::vector<Returned> returned_;  // without their acks
};

template <typename Take>
void ConfirmWindow::settle(Sent& message, Verdict verdict, const Take& take) {
    message.answered = true;
    --in_flight_;
    std::string words;
    bool came_back = false;
    for (auto it = returned_.begin(); it != returned_.end(); ++it) {
        if (it->fingerprint == message.fingerprint && it->size == message.size) {
            words = std::move(it->words);
            came_back = true;
            returned_.erase(it);
            break;
        }
    }
    take(Answer{message.number, verdict == Verdict::refused, came_back ? &words : nullptr});
}

template <typename Take>
void ConfirmWindow::answered(const Ack& ack, Verdict verdict, const Take& take) {
    check(ack);
    if (ack.multiple) {
        for (std::uint64_t tag = head_; tag <= ack.tag; ++tag) {
            if (!at(tag).answered) {
                settle(at(tag), verdict, take);
            }
        }
    } else {
        settle(at(ack.tag), verdict, take);
    }
    while (head_ < next_ && at(head_).answered) {
        ++head_;
    }
    check_returns();
}

template <typename See>
void ConfirmWindow::each(const See& see) const {
    for (std::uint64_t tag = head_; tag < next_; ++tag) {
        if (!at(tag).answered) {
            see(at(tag));
        }
    }
}

}  // namespace hail::amqp
