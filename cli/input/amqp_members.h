// The members that only RabbitMQ has in a line of subscribe --json: properties, and among them headers.
//
// Shape:   views lead into the line, or into texts that are kept until the next call.
// Throws:  Error(bad_input) that begins with the given place, for a property that does not exist or whose
//          value does not fit.
// Source:  cli/output/amqp_message.h; the class basic of AMQP 0-9-1.

#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "lib/pubsub/message.h"

namespace hail::cli::input {

class AmqpMembers {
  public:
    // The object is valid JSON and outlives the use of the result.
    void parse(std::string_view object, const std::string& place);

    const std::vector<pubsub::Field>& properties() const { return properties_; }
    const std::vector<pubsub::Field>& headers() const { return headers_; }

  private:
    void add_property(std::string name, std::string_view value, const std::string& place);
    void add_headers(std::string_view object, const std::string& place);
    void add_encoded_headers(std::string_view array, const std::string& place);
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    std::deque<std::string> texts_;
    std::vector<pubsub::Field> properties_;
    std::vector<pubsub::Field> headers_;
};

}  // namespace hail::cli::input
