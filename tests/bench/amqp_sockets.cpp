// What rabbitmq-c itself needs for publishing lines, with its own connection and its own sockets: the
// yardstick of "hail publish" on RabbitMQ.
//
// Usage:   amqp_sockets HOST PORT QUEUE WINDOW <LINES
//          WINDOW is the number of messages that may await their confirmation; 0 asks for no confirmations.
// Shape:   logs in as guest, publishes every line of stdin as a persistent message, and ends once all are
//          confirmed. It reads confirmations only when the window is full, as many as it must, and never
//          polls. The queue is one, so that confirmations come in order. Exit 1 if anything fails.
// Source:  rabbitmq-c, examples/amqp_producer.c; rabbitmq.com/docs/confirms.

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/rabbitmq_c.h"

namespace {

constexpr amqp_channel_t channel = 1;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "amqp_sockets: %s fails\n", what);
    std::exit(1);
}

void check(amqp_rpc_reply_t reply, const char* what) {
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        fail(what);
    }
}

amqp_connection_state_t connect(const char* host, const char* port, bool confirmed) {
    const amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t* const socket = amqp_tcp_socket_new(connection);
    if (socket == nullptr ||
        amqp_socket_open(socket, host, static_cast<int>(std::strtol(port, nullptr, 10))) != 0) {
        fail("connect");
    }
    check(amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "login");
    amqp_channel_open(connection, channel);
    check(amqp_get_rpc_reply(connection), "channel.open");
    if (confirmed) {
        amqp_confirm_select(connection, channel);
        check(amqp_get_rpc_reply(connection), "confirm.select");
    }
    return connection;
}

// The tag up to which the next frame confirms.
std::uint64_t next_confirmation(amqp_connection_state_t connection) {
    amqp_frame_t frame{};
    amqp_maybe_release_buffers(connection);
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK ||
        frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) {
        fail("a confirmation");
    }
    return static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded)->delivery_tag;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: amqp_sockets HOST PORT QUEUE WINDOW\n");
        return 64;
    }
    const std::uint64_t window = std::strtoull(argv[4], nullptr, 10);
    const amqp_connection_state_t connection = connect(argv[1], argv[2], window > 0);
    const amqp_bytes_t queue = amqp_cstring_bytes(argv[3]);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;

    std::uint64_t published = 0;
    std::uint64_t confirmed = 0;
    char* line = nullptr;
    std::size_t capacity = 0;
    for (ssize_t size = 0; (size = getline(&line, &capacity, stdin)) > 0; ++published) {
        const auto length = static_cast<std::size_t>(size);
        while (window > 0 && published - confirmed >= window) {
            confirmed = next_confirmation(connection);
        }
        const amqp_bytes_t body{line[length - 1] == '\n' ? length - 1 : length, line};
        if (amqp_basic_publish(connection, channel, amqp_empty_bytes, queue, 1, 0, &properties, body) !=
            AMQP_STATUS_OK) {
            fail("basic.publish");
        }
    }
    while (window > 0 && confirmed < published) {
        confirmed = next_confirmation(connection);
    }
    std::free(line);
    check(amqp_channel_close(connection, channel, AMQP_REPLY_SUCCESS), "channel.close");
    check(amqp_connection_close(connection, AMQP_REPLY_SUCCESS), "connection.close");
    amqp_destroy_connection(connection);
    return 0;
}
