// What a RabbitMQ server says, byte by byte, and the steps of a scripted one.
//
// Shape:   functions return whole frames. Steps read frames of the client, of which each is recorded.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/pubsub/broker.h"
#include "tests/support/peer.h"

namespace hail::support::amqp {

std::string u8(std::uint64_t number);
std::string u16(std::uint64_t number);
std::string u32(std::uint64_t number);
std::string u64(std::uint64_t number);
std::string short_text(std::string_view text);
std::string long_text(std::string_view text);

std::string frame(std::uint8_t type, std::uint16_t channel, const std::string& payload);
std::string method(std::uint16_t channel, std::uint16_t class_id, std::uint16_t method_id,
                   const std::string& arguments = {});

std::string start(std::string_view mechanisms = "PLAIN AMQPLAIN");
std::string start_that_tells_refusals();  // a server that says so when a login is wrong, as RabbitMQ does
std::string tune(std::uint16_t channel_max = 2047, std::uint32_t frame_max = 131'072,
                 std::uint16_t heartbeat = 60);
std::string open_ok();
std::string close(std::uint16_t code, std::string_view text);  // of the connection
std::string close_ok();
std::string channel_open_ok(std::uint16_t channel = 1);
std::string channel_close(std::uint16_t code, std::string_view text, std::uint16_t channel = 1,
                          std::uint16_t class_id = 60, std::uint16_t method_id = 40);
std::string select_ok(std::uint16_t channel = 1);
std::string ack(std::uint64_t tag, bool multiple = false, std::uint16_t channel = 1);
std::string nack(std::uint64_t tag, bool multiple = false, std::uint16_t channel = 1);
std::string header(std::uint64_t size, const std::string& properties = std::string(2, '\0'),
                   std::uint16_t channel = 1);
std::string body(const std::string& bytes, std::uint16_t channel = 1);
std::string returned(std::string_view exchange, std::string_view key, const std::string& payload,
                     std::uint16_t channel = 1);
std::string declare_ok(std::string_view queue);
std::string qos_ok();
std::string bind_ok();
std::string consume_ok(std::string_view tag);
std::string deliver(std::string_view consumer, std::uint64_t tag, std::string_view exchange,
                    std::string_view key, bool redelivered = false);
std::string delivery(std::string_view consumer, std::uint64_t tag, std::string_view key,
                     const std::string& payload);  // with its header and its body

// The headers of a message that has nothing else, as the table's content.
std::string headers(const std::string& table);

pubsub::Broker broker_of(const Peer& server);

Step read_frames(std::size_t count);
// Confirms the close of the connection, whenever it is asked for, until the client goes.
Step confirm_close();
// The login, up to connection.open-ok.
Step log_in(const std::string& tune_frame = tune());

}  // namespace hail::support::amqp
