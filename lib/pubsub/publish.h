// A publishing run, from a source to a broker. It reads, sends and receives answers at the same time, and
// none of these waits for another.
//
// Shape:   memory is bounded by the window. At the end of the source, at wrong input and at a signal,
//          messages in flight are drained.
// Truth:   unless the options allow it, nothing is sent again; messages without an answer at the end are in
//          `loss`. read = accepted + refused + loss.unknown + loss.not_sent. The order of messages never
//          changes: a message that was refused for now is sent again only if nothing after it was accepted.
//          After a refusal that
//          concerns everything, such as that of a client that must log in first, no later message can have
//          been taken: they count as refused even if the connection breaks before their answers come.
// Throws:  only what opening the connection throws. Any later error is the `failure` of the result, next to
//          its counts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/publisher.h"

namespace hail::pubsub {

class MessageSource {
  public:
    MessageSource() = default;
    MessageSource(const MessageSource&) = delete;
    MessageSource& operator=(const MessageSource&) = delete;
    virtual ~MessageSource() = default;

    struct Item {
        Message message;           // valid until the next call
        std::uint64_t number = 0;  // of the argument or of the input line, from 1
    };
    enum class Next {
        item,
        wait,  // nothing yet: ask again when descriptor() is readable; that call reads it
        end,
    };
    // An Error ends the reading, just as the end of the source does.
    virtual Next next(Item& item) = 0;
    virtual int descriptor() const = 0;
};

// Calls take(const MessageSource::Item&) for each message. A stop ends it while the source is awaited.
template <typename Take>
void take_each(MessageSource& source, const base::Stop& stop, const Take& take) {
    MessageSource::Item item;
    for (;;) {
        switch (source.next(item)) {
            case MessageSource::Next::item:
                take(item);
                break;
            case MessageSource::Next::wait:
                if (!stop.wait_readable(source.descriptor())) {
                    return;
                }
                break;
            case MessageSource::Next::end:
                return;
        }
    }
}

// refused() is told Refused::client if the message's channel is the only one.
class PublishSink : public AnswerSink {
  public:
    virtual void warn(const std::string& what) = 0;  // about the connection: odd, but not a failure
    virtual void pause() = 0;                        // nothing more comes right now: show everything so far
};

struct PublishOptions {
    enum class AfterRefusal { go_on, stop_reading };
    enum class Channels { one, many };
    // After a connection broke with messages that may have been published.
    enum class OnLost {
        stop,    // end the run
        skip,    // connect again, count them as unknown, and go on
        resend,  // connect again, and send them again
    };

    std::size_t window = 1'000;  // messages without an answer, at most
    AfterRefusal after_refusal = AfterRefusal::go_on;
    OnLost on_lost = OnLost::stop;
    Channels channels = Channels::one;                  // one: if the channel is forbidden, so is the rest
    std::uint64_t require_receivers = 0;                // fewer for one message is an error
    bool receivers = false;                             // their numbers are shown
    double rate = 0;                                    // messages a second; 0: no limit
    std::optional<base::Milliseconds> drain_timeout{};  // for silence while the last answers are awaited
    std::optional<StreamAppend> stream{};               // as in PublisherOptions, as is the next
    AmqpPublishing amqp{};
};

struct PublishSummary {
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t hopeless = 0;   // the number of the message whose refusal concerned all after it; 0: none
    std::uint64_t last = 0;       // the number of the message that was read last
    std::uint64_t unheard = 0;    // accepted, but received by too few
    std::uint64_t resent = 0;     // messages that may have been published twice
    std::uint64_t resume_at = 0;  // the number of the first message that is still to be published
    bool complete = false;        // the source was read to its end, and nothing is left to be sent
    Loss loss;                    // with those that were skipped as unknown
    std::optional<base::Error> failure;  // the reason if the run ended early
};

// Whether a message is kept, as a whole, until it is answered: it may have to be sent again.
bool keeps_messages(const Broker& broker, const PublishOptions& options);

PublishSummary publish(const Broker& broker, MessageSource& source, PublishSink& sink,
                       const PublishOptions& options, base::Stop& stop);

// Shows the bytes that would go over the wire, piece by piece, with the password masked: for a dry run. A
// stop ends it.
void dry_run(const Broker& broker, MessageSource& source, const PublishOptions& options,
             const std::function<void(const std::string&)>& show, const base::Stop& stop);

}  // namespace hail::pubsub
