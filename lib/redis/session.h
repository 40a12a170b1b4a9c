// A connection to a Redis server that is ready for commands: authenticated, with the database selected.
//
// Shape:   nothing that the user asked for is sent before the server has accepted AUTH and SELECT, because a
//          server whose default user needs no password would execute it as another user. Over TLS, it also
//          waits for the server's first answer, so that a missing client certificate is known to have cost no
//          message.
// Throws:  the constructor throws like that of net::ByteStream, and Error(refused) for an error reply,
//          Error(unknown) if the connection breaks before the answer, Error(timed_out) after the connect
//          timeout.
// Source:  https://redis.io/docs/latest/commands/auth, select, client-setname.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/address.h"
#include "lib/net/byte_stream.h"
#include "lib/net/connect_options.h"
#include "lib/redis/codec.h"

namespace hail::redis {

struct SessionOptions {
    // The name that CLIENT LIST shows; empty: no name. It is a courtesy: a server may refuse it in any words,
    // or even end the connection, which is then made again without it.
    std::string_view client_name{};
    // A setting that is asked for with CONFIG GET; empty: none. Many users may not ask, which does no harm.
    std::string_view setting{};
};

class Session {
  public:
    Session(const net::Address& address, const net::ConnectOptions& connect, const SessionOptions& options,
            const base::Stop& stop);

    net::ByteStream& stream() { return *stream_; }
    const net::ByteStream& stream() const { return *stream_; }

    // The value of the setting that was asked for; empty if the server did not tell.
    const std::optional<std::string>& setting() const { return setting_; }

    // Oddities that did no harm, as text for the user.
    const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    class Answers;
    // False if the server ended the connection over the client's name.
    bool handshake(const net::Address& address, const SessionOptions& options, const base::Deadline& deadline,
                   const base::Stop& stop);
    void judge(const std::string& command, std::string_view error, const std::string& where);
    void await(net::State state, const base::Deadline& deadline, const base::Stop& stop,
               const net::Address& address);

    std::unique_ptr<net::ByteStream> stream_;
    net::WireTap* tap_;
    std::vector<std::string> warnings_;
    std::optional<std::string> setting_;
};

// The commands of the handshake, in order: AUTH, SELECT, CONFIG GET, CLIENT SETNAME, each only if it is
// needed. If none is needed, the handshake over TLS is PING.
std::vector<std::vector<std::string>> handshake_commands(const net::Address& address,
                                                         const SessionOptions& options);

// The bytes of the handshake, with the password masked: for a dry run.
std::string shown_handshake(const net::Address& address, const SessionOptions& options);

}  // namespace hail::redis
