#include "lib/pubsub/amqp_declaration.h"

#include "lib/amqp/codec.h"

namespace hail::pubsub {

namespace {

std::string_view name_of(AmqpDeclaration::QueueType type) {
    switch (type) {
        case AmqpDeclaration::QueueType::classic:
            return "classic";
        case AmqpDeclaration::QueueType::quorum:
            return "quorum";
        case AmqpDeclaration::QueueType::stream:
            return "stream";
        case AmqpDeclaration::QueueType::unspecified:
            break;
    }
    return "";
}

}  // namespace

std::vector<amqp::TableField> views_of(const std::vector<OwnedField>& fields) {
    std::vector<amqp::TableField> views;
    views.reserve(fields.size());
    for (const OwnedField& field : fields) {
        views.push_back({field.name, field.value, field.kind == Field::Kind::json});
    }
    return views;
}

DeclarationArguments::DeclarationArguments(const AmqpDeclaration& wanted)
    : of_queue_(views_of(wanted.arguments)), of_exchange_(views_of(wanted.arguments)) {
    if (wanted.queue_type != AmqpDeclaration::QueueType::unspecified) {
        of_queue_.push_back({"x-queue-type", name_of(wanted.queue_type), false});
    }
    if (wanted.expires) {
        expires_ = std::to_string(wanted.expires->count());
        of_queue_.push_back({"x-expires", expires_, true});
    }
}

std::string_view exchange_type_of(const AmqpDeclaration& wanted) {
    return wanted.exchange_type ? std::string_view(*wanted.exchange_type) : "topic";
}

std::string declaration(const amqp::Place& place, const AmqpDeclaration& wanted) {
    const DeclarationArguments arguments(wanted);
    return place.is_queue()
               ? amqp::declare_queue(amqp::first_channel,
                                     {.queue = place.key, .durable = true, .arguments = arguments.of_queue()})
               : amqp::declare_exchange(amqp::first_channel, {.exchange = place.exchange,
                                                              .type = exchange_type_of(wanted),
                                                              .arguments = arguments.of_exchange()});
}

std::string question_for(const amqp::Place& place) {
    return place.is_queue()
               ? amqp::declare_queue(amqp::first_channel, {.queue = place.key, .passive = true})
               : amqp::declare_exchange(amqp::first_channel, {.exchange = place.exchange, .passive = true});
}

bool wants_form(const amqp::Place& place, const AmqpDeclaration& wanted) {
    return !wanted.arguments.empty() ||
           (place.is_queue() ? wanted.queue_type != AmqpDeclaration::QueueType::unspecified
                             : wanted.exchange_type.has_value());
}

std::string missing_exchange_hint(std::string_view words) {
    return words.find("no exchange") != std::string_view::npos ? "make the exchange first; --declare makes it"
                                                               : "";
}

}  // namespace hail::pubsub
