// A connection to a RabbitMQ server that is logged in, with its virtual host open.
//
// Shape:   the constructor performs the handshake. After it, receive() reads, and next() returns the frames
//          of channels; those of the connection (heartbeats, blocked, close) are handled here. A close by
//          the server is answered, and closed() tells it. tend() sends a heartbeat when one is due.
// Truth:   nothing that the user asked for is sent before the server has opened the virtual host.
// Throws:  the constructor throws like that of net::ByteStream; LoginRefused for a wrong user or password,
//          Error(refused) for a virtual host or a limit; if the server ends the login in silence, NotReached,
//          or Error(unreachable) from a server that does not tell wrong logins; Error(timed_out) after the
//          connect timeout; Error(bad_reply) for bytes that are not AMQP, as next() does.
// Source:  AMQP 0-9-1, 2.2.4 and 4.2; https://www.rabbitmq.com/docs/heartbeats, connection-blocked,
//          auth-notification.

#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "lib/amqp/codec.h"
#include "lib/amqp/frame.h"
#include "lib/amqp/target.h"
#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/net/address.h"
#include "lib/net/byte_stream.h"
#include "lib/net/connect_options.h"

namespace hail::amqp {

struct SessionOptions {
    std::string name = "hail";  // as the server's lists show it
    Auth auth = Auth::automatic;
    std::optional<base::Milliseconds> heartbeat{};  // takes precedence over that of the address
};

// The words of a server that closed the connection or a channel.
struct Closed {
    static constexpr std::uint16_t forced = 320;  // the server is going down, or an operator closed it
    std::uint16_t code = 0;
    std::string text;
    Method method{};

    // The client broke the protocol. 540 is not among these: an option can ask for what the server lacks.
    bool is_fault_of_client() const { return (code >= 501 && code <= 505) || code == 541; }
};

class Session {
  public:
    Session(const net::Address& address, const net::ConnectOptions& connect, const SessionOptions& options,
            const base::Stop& stop);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() = default;

    net::ByteStream& stream() { return *stream_; }
    const net::ByteStream& stream() const { return *stream_; }
    std::size_t frame_max() const { return tuned_.frame_max; }
    bool in_frame() const { return frames_.in_frame(); }

    // Reads what has come, once. Frames that were returned before become invalid.
    net::State receive();

    // The next whole frame of a channel; false if more bytes are needed, or the connection is closed.
    bool next(Frame& frame);

    // The server has closed the connection.
    const std::optional<Closed>& closed() const { return closed_; }

    // The server takes no messages for now; the reason, in its words.
    const std::optional<std::string>& blocked() const { return blocked_; }

    // Asks the server to close the connection; close_confirmed() once it has.
    void close();

    // The same, and waits until the server has confirmed it, at most 2 s and not after a second signal.
    // Frames of channels are dropped and faults are not told: everything that counts was answered before.
    void leave(const base::Stop& stop) noexcept;
    bool close_sent() const { return close_sent_; }
    bool close_confirmed() const { return close_confirmed_; }

    // Sends a heartbeat if one is due, and returns when the next one is.
    base::Deadline tend();

    // Nothing came for two heartbeats, although it was asked for.
    bool silent() const;
    base::Milliseconds heartbeat() const { return heartbeat_; }

    // As that of the stream, woken in time for heartbeats.
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others);

  private:
    friend class Handshake;
    void take_connection_frame(const Frame& frame);

    std::string where_;
    std::unique_ptr<net::ByteStream> stream_;
    FrameReader frames_;
    Tune tuned_;
    base::Milliseconds heartbeat_{0};  // 0: none
    std::optional<Closed> closed_;
    std::optional<std::string> blocked_;
    bool close_sent_ = false;
    bool close_confirmed_ = false;
    using Clock = base::Deadline::Clock;
    Clock::time_point last_received_ = Clock::now();
    Clock::time_point last_sent_ = Clock::now();
    std::size_t sent_ = 0;  // bytes, at that time
};

// A channel.close or connection.close as one sentence, without the number that begins it.
std::string words_of(const Closed& closed);

// The bytes of the handshake, with the password masked, for a dry run.
std::string shown_handshake(const net::Address& address, const net::ConnectOptions& connect,
                            const SessionOptions& options);

}  // namespace hail::amqp
