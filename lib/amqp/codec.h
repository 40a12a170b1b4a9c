// The methods of AMQP that hail sends and reads, encoded and decoded by rabbitmq-c.
//
// Shape:   a method that is sent is a whole frame. One that is read is the payload of a frame, and what is
//          read of it is views of that payload.
// Throws:  reading: Error(bad_reply) for a payload that does not fit its method. Writing: Error(usage) for a
//          text that AMQP cannot carry; the callers check names before.
// Source:  AMQP 0-9-1 and RabbitMQ's extensions of it; rabbitmq-c, of which only pure functions are used.
//          Why not its connection: it copies every frame, and ends the process at some errors of its caller.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/amqp/channel_name.h"
#include "lib/amqp/table.h"

namespace hail::amqp {

enum class Method : std::uint32_t {
    connection_start = 0x000A000A,
    connection_start_ok = 0x000A000B,
    connection_secure = 0x000A0014,
    connection_tune = 0x000A001E,
    connection_tune_ok = 0x000A001F,
    connection_open = 0x000A0028,
    connection_open_ok = 0x000A0029,
    connection_close = 0x000A0032,
    connection_close_ok = 0x000A0033,
    connection_blocked = 0x000A003C,
    connection_unblocked = 0x000A003D,
    channel_open = 0x0014000A,
    channel_open_ok = 0x0014000B,
    channel_flow = 0x00140014,
    channel_flow_ok = 0x00140015,
    channel_close = 0x00140028,
    channel_close_ok = 0x00140029,
    exchange_declare = 0x0028000A,
    exchange_declare_ok = 0x0028000B,
    queue_declare = 0x0032000A,
    queue_declare_ok = 0x0032000B,
    queue_bind = 0x00320014,
    queue_bind_ok = 0x00320015,
    basic_qos = 0x003C000A,
    basic_qos_ok = 0x003C000B,
    basic_consume = 0x003C0014,
    basic_consume_ok = 0x003C0015,
    basic_cancel = 0x003C001E,
    basic_cancel_ok = 0x003C001F,
    basic_publish = 0x003C0028,
    basic_return = 0x003C0032,
    basic_deliver = 0x003C003C,
    basic_ack = 0x003C0050,
    basic_reject = 0x003C005A,
    basic_nack = 0x003C0078,
    confirm_select = 0x0055000A,
    confirm_select_ok = 0x0055000B,
};

inline constexpr std::uint16_t first_channel = 1;  // hail needs no more, but for publishing

// ---- read

Method method_of(std::string_view payload);
std::string method_name(Method method);  // "basic.deliver", or its number

struct Start {
    std::string_view mechanisms;  // words
    bool tells_refusals = false;  // a wrong login is answered, not only cut off
};
Start read_start(std::string_view payload);

struct Tune {
    std::uint16_t channel_max = 0;  // 0: no limit, as for the next
    std::uint32_t frame_max = 0;
    std::uint16_t heartbeat = 0;  // seconds; 0: none
};
Tune read_tune(std::string_view payload);

// The end of a connection or a channel.
struct Close {
    std::uint16_t code = 0;
    std::string_view text;
    Method method{};  // that caused it
};
Close read_close(std::string_view payload);

std::string_view read_blocked(std::string_view payload);  // the reason

struct QueueDeclared {
    std::string_view queue;
    std::uint32_t messages = 0;
    std::uint32_t consumers = 0;
};
QueueDeclared read_queue_declared(std::string_view payload);

std::string_view read_consumer_tag(std::string_view payload);  // of basic.consume-ok and basic.cancel

struct Deliver {
    std::string_view consumer;  // its tag
    std::uint64_t tag = 0;
    bool redelivered = false;
    std::string_view exchange;
    std::string_view routing_key;
};
Deliver read_deliver(std::string_view payload);

struct Return {
    std::uint16_t code = 0;
    std::string_view text;
    std::string_view exchange;
    std::string_view routing_key;
};
Return read_return(std::string_view payload);

struct Ack {
    std::uint64_t tag = 0;
    bool multiple = false;
};
Ack read_ack(std::string_view payload);  // of basic.ack and basic.nack

// ---- written

struct StartOk {
    std::string_view mechanism;
    std::string_view response;
    std::string_view connection_name;
};
std::string start_ok(const StartOk& answer);
std::string tune_ok(const Tune& tune);
std::string open(std::string_view virtual_host);

// A method without any content, such as channel.open or connection.close-ok.
std::string plain_method(std::uint16_t channel, Method method);

// Opens a channel whose messages are confirmed: two frames.
std::string open_publishing(std::uint16_t channel);

// The answer to a channel.flow, of which this is the payload.
std::string flow_ok(std::uint16_t channel, std::string_view payload);

std::string close(std::uint16_t code, std::string_view text);  // of the connection

struct DeclareExchange {
    std::string_view exchange;
    std::string_view type{};
    bool passive = false;
    std::span<const TableField> arguments{};
};
std::string declare_exchange(std::uint16_t channel, const DeclareExchange& exchange);

struct DeclareQueue {
    std::string_view queue;
    bool passive = false;
    bool durable = false;
    bool exclusive = false;
    bool auto_delete = false;
    std::span<const TableField> arguments{};
};
std::string declare_queue(std::uint16_t channel, const DeclareQueue& queue);

struct Bind {
    std::string_view queue;
    std::string_view exchange;
    std::string_view key;
    std::span<const TableField> arguments{};
};
std::string bind(std::uint16_t channel, const Bind& binding);

std::string qos(std::uint16_t channel, std::uint16_t prefetch);

struct Consume {
    std::string_view queue;
    std::string_view tag;
    bool no_ack = false;
    bool exclusive = false;
    std::span<const TableField> arguments{};
};
std::string consume(std::uint16_t channel, const Consume& consumer);
std::string cancel(std::uint16_t channel, std::string_view tag);  // of a consumer

struct Publish {
    std::string_view exchange;
    std::string_view key;
    bool mandatory = true;
};
std::string publish(std::uint16_t channel, const Publish& destination);

std::string ack(std::uint16_t channel, const Ack& settled);
enum class Fate { requeue, drop };
std::string nack(std::uint16_t channel, std::uint64_t tag, Fate fate);

}  // namespace hail::amqp
