// The options that only RabbitMQ has, and the check that options fit the broker of the address.
//
// Shape:   a typed option that the broker does not have is refused; a default from the environment is not.
// Throws:  Error(usage) for a header or another value that is not valid, before anything connects.
// Source:  the class basic of AMQP 0-9-1, and lib/pubsub/amqp_options.h.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/parser.h"
#include "lib/base/deadline.h"
#include "lib/net/address.h"
#include "lib/pubsub/amqp_options.h"

namespace hail::cli::options {

// Both commands have these.
struct AmqpLink {
    pubsub::AmqpConnection connection;
    bool declare = false;
    pubsub::AmqpDeclaration::QueueType queue_type = pubsub::AmqpDeclaration::QueueType::unspecified;
    std::vector<std::string> arguments;    // of a queue: NAME:VALUE, NAME:=JSON
    std::vector<std::string> typed;        // options of this kind on the command line
    std::vector<std::string> typed_redis;  // and those that only Redis has

    pubsub::AmqpDeclaration declaration() const;
};

struct AmqpWriting {
    AmqpLink link;
    std::vector<std::string> headers;  // NAME:VALUE, NAME:=JSON
    std::optional<std::string> content_type;
    std::optional<std::string> content_encoding;
    std::optional<std::string> correlation_id;
    std::optional<std::string> reply_to;
    std::optional<std::string> message_id;  // auto: made of the run and the number of the message
    std::optional<std::string> type;
    std::optional<std::string> app_id;
    std::optional<std::string> user_id;
    std::optional<std::string> timestamp;  // now, or seconds
    std::optional<std::uint64_t> priority;
    std::optional<base::Milliseconds> expiration;
    bool transient = false;
    bool allow_unroutable = false;
    bool keep_user_id = false;
    std::string exchange_type;

    pubsub::AmqpPublishing plan() const;

    // Refuses options that mean nothing for this channel.
    void require_sense(const std::string& channel) const;

  private:
    std::vector<pubsub::OwnedField> properties() const;
};

struct AmqpReading {
    AmqpLink link;
    pubsub::AmqpConsuming::Ack ack = pubsub::AmqpConsuming::Ack::output;
    pubsub::AmqpConsuming::OnFailure on_failure = pubsub::AmqpConsuming::OnFailure::stop;
    std::optional<std::uint64_t> prefetch;
    std::string offset;
    std::string queue_name;
    std::optional<base::Milliseconds> expires;
    bool exclusive = false;
    std::vector<std::string> bind_headers;
    pubsub::AmqpConsuming::Match match = pubsub::AmqpConsuming::Match::all;
    std::string consumer_tag;

    // `programs` run at once; 0: messages are printed.
    pubsub::AmqpConsuming plan(std::uint64_t programs) const;

    bool has_typed(std::string_view option) const;

    // Refuses options that mean nothing for these channels, or beside each other.
    void require_sense(const std::vector<std::string>& channels) const;
};

void declare_amqp(Parser& parser, AmqpWriting& options);
void declare_amqp(Parser& parser, AmqpReading& options);

// Refuses options that the broker at this address does not have.
void require_fit(const AmqpLink& options, const net::Address& address);

// Whether this EXCHANGE/KEY has a ? or a [, which are wildcards for Redis alone.
bool looks_like_glob(std::string_view channel);

// A header as typed for this option: NAME:VALUE is text, NAME:=JSON has a type. `\:` in a name is a colon.
pubsub::OwnedField parse_header(std::string_view option, std::string_view typed);

}  // namespace hail::cli::options
