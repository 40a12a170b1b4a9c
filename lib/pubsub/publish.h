// Everything that a source holds to a broker: reading, sending and answers go on at once, none waits for
// another.
//
// Shape:   memory is bounded by the window. At the source's end, at bad input and at a signal what is in
//          flight is drained.
// Truth:   nothing is sent again; what has no answer at the end is in `loss`.
// Throws:  only what opening the connection throws. What ends a run later is `failure` of its result, with
//          its count.

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
        std::string_view channel;  // both valid until the next call
        std::string_view payload;
        std::uint64_t number = 0;  // of the argument or of the input line, from 1
    };
    enum class Next {
        item,
        wait,  // nothing yet: ask again when descriptor() is readable, for then it reads
        end,
    };
    // An Error ends the reading, as the end does.
    virtual Next next(Item& item) = 0;
    virtual int descriptor() const = 0;
};

class PublishSink : public AnswerSink {
  public:
    virtual void warn(const std::string& what) = 0;  // of the connection: odd, and no failure
    virtual void pause() = 0;                        // nothing more comes right now: show what there is
};

struct PublishOptions {
    enum class AfterRefusal { go_on, stop_reading };
    enum class Channels { one, many };

    std::size_t window = 10'000;  // messages without an answer at a time
    AfterRefusal after_refusal = AfterRefusal::go_on;
    Channels channels = Channels::one;                  // one: what forbids the channel forbids the rest too
    std::optional<base::Milliseconds> drain_timeout{};  // for a silence while the last answers are awaited
};

struct PublishSummary {
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t last = 0;  // the number of the message that was read last
    Loss loss;
    std::optional<base::Error> failure;  // what ended the run before its end
};

PublishSummary publish(const Broker& broker, MessageSource& source, PublishSink& sink,
                       const PublishOptions& options, base::Stop& stop);

// What would go over the wire, piece by piece, with the password masked: for a dry run. A stop ends it.
void dry_run(const net::Address& address, MessageSource& source,
             const std::function<void(const std::string&)>& show, const base::Stop& stop);

}  // namespace hail::pubsub
