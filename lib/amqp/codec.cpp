#include "lib/amqp/codec.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lib/amqp/bytes.h"
#include "lib/amqp/frame.h"
#include "lib/amqp/rabbitmq_c.h"
#include "lib/base/error.h"
#include "lib/base/version.h"

namespace hail::amqp {

namespace {

using base::Error;
using base::Exit;

// Reads the arguments of a method. Why not the library's: none of these has a table that is wanted, and a
// view needs no pool.
class Arguments {
  public:
    explicit Arguments(std::string_view payload) : method_(method_of(payload)), rest_(payload.substr(4)) {}

    template <typename Number>
    Number number() {
        Number value{};
        if (!take(rest_, value)) {
            reject();
        }
        return value;
    }
    std::string_view short_text() { return bytes(number<std::uint8_t>()); }
    std::string_view long_text() { return bytes(number<std::uint32_t>()); }

  private:
    std::string_view bytes(std::size_t size) {
        if (size > rest_.size()) {
            reject();
        }
        const std::string_view text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }
    [[noreturn]] void reject() const {
        throw Error(Exit::bad_reply, "the broker sent a " + method_name(method_) + " that is cut short");
    }

    Method method_;
    std::string_view rest_;
};

template <typename Struct>
std::string method_frame(std::uint16_t channel, Method method, Struct& arguments) {
    const auto number = static_cast<std::uint32_t>(method);
    std::string payload(4, '\0');
    store(payload.data(), number);
    payload += encoded([&](amqp_bytes_t buffer) { return amqp_encode_method(number, &arguments, buffer); });
    return frame_text(FrameType::method, channel, payload);
}

constexpr std::array<std::string_view, 6> capabilities{
    "publisher_confirms",         "basic.nack",
    "connection.blocked",         "consumer_cancel_notify",
    "exchange_exchange_bindings", "authentication_failure_close"};

// The one field of the server's properties that matters: its name with its length, the type t, true. Why not
// the table's reader: it would look at a hundred others.
constexpr std::string_view tells_refusals =
    "\x1C"
    "authentication_failure_close"
    "t\x01";

}  // namespace

Method method_of(std::string_view payload) {
    std::uint32_t number = 0;
    if (!take(payload, number)) {
        throw Error(Exit::bad_reply, "the broker sent a method without a number");
    }
    return static_cast<Method>(number);
}

std::string method_name(Method method) {
    const auto number = static_cast<std::uint32_t>(method);
    const char* const name = amqp_method_name(number);
    if (name == nullptr) {
        return "method " + std::to_string(number >> 16U) + "." + std::to_string(number & 0xFFFFU);
    }
    // AMQP_BASIC_CONSUME_OK_METHOD
    std::string text(name);
    text = text.substr(5, text.size() - 5 - 7);
    bool first = true;
    for (char& c : text) {
        if (c == '_') {
            c = std::exchange(first, false) ? '.' : '-';
        } else {
            c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        }
    }
    return text;
}

Start read_start(std::string_view payload) {
    Arguments arguments(payload);
    arguments.number<std::uint16_t>();  // the version
    const std::string_view properties = arguments.long_text();
    const std::string_view mechanisms = arguments.long_text();
    return {mechanisms, properties.find(tells_refusals) != std::string_view::npos};
}

Tune read_tune(std::string_view payload) {
    Arguments arguments(payload);
    Tune tune;
    tune.channel_max = arguments.number<std::uint16_t>();
    tune.frame_max = arguments.number<std::uint32_t>();
    tune.heartbeat = arguments.number<std::uint16_t>();
    return tune;
}

Close read_close(std::string_view payload) {
    Arguments arguments(payload);
    Close close;
    close.code = arguments.number<std::uint16_t>();
    close.text = arguments.short_text();
    close.method = static_cast<Method>(arguments.number<std::uint32_t>());
    return close;
}

std::string_view read_blocked(std::string_view payload) {
    return Arguments(payload).short_text();
}

QueueDeclared read_queue_declared(std::string_view payload) {
    Arguments arguments(payload);
    QueueDeclared declared;
    declared.queue = arguments.short_text();
    declared.messages = arguments.number<std::uint32_t>();
    declared.consumers = arguments.number<std::uint32_t>();
    return declared;
}

std::string_view read_consumer_tag(std::string_view payload) {
    return Arguments(payload).short_text();
}

Deliver read_deliver(std::string_view payload) {
    Arguments arguments(payload);
    Deliver deliver;
    deliver.consumer = arguments.short_text();
    deliver.tag = arguments.number<std::uint64_t>();
    deliver.redelivered = (arguments.number<std::uint8_t>() & 1U) != 0;
    deliver.exchange = arguments.short_text();
    deliver.routing_key = arguments.short_text();
    return deliver;
}

Return read_return(std::string_view payload) {
    Arguments arguments(payload);
    Return returned;
    returned.code = arguments.number<std::uint16_t>();
    returned.text = arguments.short_text();
    returned.exchange = arguments.short_text();
    returned.routing_key = arguments.short_text();
    return returned;
}

Ack read_ack(std::string_view payload) {
    Arguments arguments(payload);
    Ack answer;
    answer.tag = arguments.number<std::uint64_t>();
    answer.multiple = (arguments.number<std::uint8_t>() & 1U) != 0;
    return answer;
}

std::string start_ok(const StartOk& answer) {
    Pool pool;
    std::vector<TableField> able;
    able.reserve(capabilities.size());
    for (const std::string_view capability : capabilities) {
        able.push_back({capability, "true", true});
    }
    const std::string version(base::version());
    const std::array<TableField, 4> texts{{{"product", "hail"},
                                           {"version", version},
                                           {"platform", "C++"},
                                           {"connection_name", answer.connection_name}}};
    auto* const entries = pool.array<amqp_table_entry_t>(texts.size() + 1);
    const amqp_table_t known = make_table(pool, texts, "property");
    std::copy_n(known.entries, texts.size(), entries);
    entries[texts.size()].key = bytes_of("capabilities");
    entries[texts.size()].value.kind = AMQP_FIELD_KIND_TABLE;
    entries[texts.size()].value.value.table = make_table(pool, able, "capability");
    amqp_connection_start_ok_t method{};
    method.client_properties = {static_cast<int>(texts.size()) + 1, entries};
    method.mechanism = bytes_of(answer.mechanism);
    method.response = bytes_of(answer.response);
    method.locale = bytes_of("en_US");
    return method_frame(0, Method::connection_start_ok, method);
}

std::string tune_ok(const Tune& tune) {
    amqp_connection_tune_ok_t method{tune.channel_max, tune.frame_max, tune.heartbeat};
    return method_frame(0, Method::connection_tune_ok, method);
}

std::string open(std::string_view virtual_host) {
    amqp_connection_open_t method{};
    method.virtual_host = bytes_of(virtual_host);
    return method_frame(0, Method::connection_open, method);
}

std::string plain_method(std::uint16_t channel, Method method) {
    std::string payload(4, '\0');
    store(payload.data(), static_cast<std::uint32_t>(method));
    if (method == Method::channel_open || method == Method::confirm_select) {
        payload += '\0';  // an empty string; "answer this"
    }
    return frame_text(FrameType::method, channel, payload);
}

std::string open_publishing(std::uint16_t channel) {
    return plain_method(channel, Method::channel_open) + plain_method(channel, Method::confirm_select);
}

std::string flow_ok(std::uint16_t channel, std::string_view payload) {
    const auto active = static_cast<char>(Arguments(payload).number<std::uint8_t>());
    return frame_text(FrameType::method, channel, std::string("\0\x14\0\x15", 4) + active);
}

std::string close(std::uint16_t code, std::string_view text) {
    amqp_connection_close_t method{code, bytes_of(text), 0, 0};
    return method_frame(0, Method::connection_close, method);
}

std::string declare_exchange(std::uint16_t channel, const DeclareExchange& exchange) {
    Pool pool;
    amqp_exchange_declare_t method{};
    method.exchange = bytes_of(exchange.exchange);
    method.type = bytes_of(exchange.type);
    method.passive = exchange.passive ? 1 : 0;
    method.durable = 1;
    method.arguments = make_table(pool, exchange.arguments, "argument", Misfits::are_refused);
    return method_frame(channel, Method::exchange_declare, method);
}

std::string declare_queue(std::uint16_t channel, const DeclareQueue& queue) {
    Pool pool;
    amqp_queue_declare_t method{};
    method.queue = bytes_of(queue.queue);
    method.passive = queue.passive ? 1 : 0;
    method.durable = queue.durable ? 1 : 0;
    method.exclusive = queue.exclusive ? 1 : 0;
    method.auto_delete = queue.auto_delete ? 1 : 0;
    method.arguments = make_table(pool, queue.arguments, "argument", Misfits::are_refused);
    return method_frame(channel, Method::queue_declare, method);
}

std::string bind(std::uint16_t channel, const Bind& binding) {
    Pool pool;
    amqp_queue_bind_t method{};
    method.queue = bytes_of(binding.queue);
    method.exchange = bytes_of(binding.exchange);
    method.routing_key = bytes_of(binding.key);
    method.arguments = make_table(pool, binding.arguments, "bind header", Misfits::are_refused);
    return method_frame(channel, Method::queue_bind, method);
}

std::string qos(std::uint16_t channel, std::uint16_t prefetch) {
    amqp_basic_qos_t method{0, prefetch, 0};
    return method_frame(channel, Method::basic_qos, method);
}

std::string consume(std::uint16_t channel, const Consume& consumer) {
    Pool pool;
    amqp_basic_consume_t method{};
    method.queue = bytes_of(consumer.queue);
    method.consumer_tag = bytes_of(consumer.tag);
    method.no_ack = consumer.no_ack ? 1 : 0;
    method.exclusive = consumer.exclusive ? 1 : 0;
    method.arguments = make_table(pool, consumer.arguments, "argument", Misfits::are_refused);
    return method_frame(channel, Method::basic_consume, method);
}

std::string cancel(std::uint16_t channel, std::string_view tag) {
    amqp_basic_cancel_t method{bytes_of(tag), 0};
    return method_frame(channel, Method::basic_cancel, method);
}

std::string publish(std::uint16_t channel, const Publish& destination) {
    amqp_basic_publish_t method{};
    method.exchange = bytes_of(destination.exchange);
    method.routing_key = bytes_of(destination.key);
    method.mandatory = destination.mandatory ? 1 : 0;
    return method_frame(channel, Method::basic_publish, method);
}

std::string ack(std::uint16_t channel, const Ack& settled) {
    amqp_basic_ack_t method{settled.tag, settled.multiple ? 1 : 0};
    return method_frame(channel, Method::basic_ack, method);
}

std::string nack(std::uint16_t channel, std::uint64_t tag, Fate fate) {
    amqp_basic_nack_t method{tag, 0, fate == Fate::requeue ? 1 : 0};
    return method_frame(channel, Method::basic_nack, method);
}

}  // namespace hail::amqp
