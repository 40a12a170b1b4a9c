// The arguments with which a queue or an exchange is declared, bound or consumed, and the hint to do so.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/amqp/channel_name.h"
#include "lib/amqp/table.h"
#include "lib/pubsub/amqp_options.h"

namespace hail::pubsub {

// Views of options, which must outlive this, and texts of its own.
class DeclarationArguments {
  public:
    explicit DeclarationArguments(const AmqpDeclaration& wanted);

    std::span<const amqp::TableField> of_queue() const { return of_queue_; }
    std::span<const amqp::TableField> of_exchange() const { return of_exchange_; }

  private:
    std::string expires_;
    std::vector<amqp::TableField> of_queue_;
    std::vector<amqp::TableField> of_exchange_;
};

std::vector<amqp::TableField> views_of(const std::vector<OwnedField>& fields);

std::string_view exchange_type_of(const AmqpDeclaration& wanted);

// The method that makes the queue, or the exchange, of a place to publish to; and the one that only asks
// whether there is one.
std::string declaration(const amqp::Place& place, const AmqpDeclaration& wanted);
std::string question_for(const amqp::Place& place);

// A queue or exchange that exists will not do if it has another form.
bool wants_form(const amqp::Place& place, const AmqpDeclaration& wanted);

// The hint to make the exchange, if these words of the broker say that there is none; else empty.
std::string missing_exchange_hint(std::string_view words);

}  // namespace hail::pubsub
