// Publisher to the streams of a Redis server: XADD, with many commands in flight, as RedisPublisher does.
//
// Shape:   the payload is the field `payload`, before the message's other fields; it is left out if it is
//          empty and there are others. With explicit ids, an id that is not greater than the last one of the
//          stream counts as accepted and repeated: this message, or one after it, got in before.
// Throws:  as RedisPublisher; publish() Error(bad_input) for an id that is missing or not valid.
// Source:  https://redis.io/docs/latest/commands/xadd.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/pubsub/redis_publisher.h"

namespace hail::pubsub {

class RedisStreamPublisher : public RedisPublisher {
  public:
    RedisStreamPublisher(net::Address address, net::ConnectOptions connect, const PublisherOptions& options,
                         AnswerSink& answers, const base::Stop& stop)
        : RedisPublisher(std::move(address), std::move(connect), options, answers, stop),
          options_(options.stream.value_or(StreamAppend{})) {}

  protected:
    void append(net::OutBlocks& out, const Message& message, std::uint64_t tag) override;
    std::optional<Accepted> acceptance(const redis::Token& answer) const override;

  private:
    const StreamAppend options_;
};

// The bytes of one message, for a dry run.
std::string redis_stream_publish(const Message& message, std::uint64_t tag, const StreamAppend& options);

}  // namespace hail::pubsub
