// One connection that carries a broker's bytes both ways without blocking: TCP, unix socket, TLS, through
// proxies.
//
// Shape:   what is to be sent goes into out() and leaves by flush(); what came is read by receive() until it
//          says blocked; wait() sleeps until either is worth trying again. A stream is for one connection: to
//          connect again, make a new one.
// Needs:   SIGPIPE ignored by the process, because the TLS library writes with write(2).
// Throws:  the constructor NotReached, Error(unreachable), Error(timed_out), Error(no_input) for certificate
//          files, and the stop's exit if it was raised while connecting; later losses are a State, because
//          only the caller knows what they cost.
// Source:  libcurl's CURLOPT_CONNECT_ONLY, curl_easy_send(3), curl_easy_recv(3); the numbers in
//          byte_stream.cpp name the traps of that road.

#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/net/curl.h"
#include "lib/net/failure.h"
#include "lib/net/out_blocks.h"

namespace hail::net {

enum class State {
    open,     // bytes moved
    blocked,  // nothing more for now
    ended,    // the peer closed its side
    failed,   // the connection broke: trouble() says how
};

struct Received {
    State state = State::blocked;
    std::size_t bytes = 0;  // more than 0 when open, else 0
};

// The connection was not made, and another try may do better: nobody listens there yet, or a name or a route
// is missing.
class NotReached : public base::Error {
  public:
    using Error::Error;
};

// What ended a wait.
struct Ready {
    bool stream = false;   // receive() or flush() is worth a try
    bool stopped = false;  // the stop was raised
    bool others = false;   // one of the other descriptors has revents
};

class ByteStream {
  public:
    // Connects. A proxy is used only when the options name one: the usual variables are the command line's to
    // read.
    ByteStream(const Address& address, const ConnectOptions& options, const base::Stop& stop);
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    ~ByteStream() = default;

    OutBlocks& out() { return out_; }
    const OutBlocks& out() const { return out_; }

    // Sends what is pending: blocked when some of it is left, open when none is. Ended is not told here.
    State flush();

    Received receive(std::span<char> into);

    // Whether the last receive() left nothing behind: another one before a wait() would find nothing.
    bool drained() const { return drained_; }

    // Sleeps until the stream, the stop or one of the others is ready, or the deadline has passed. A stop
    // that was seen already is left out by passing nullptr. Others are poll(2)'s, with revents set; an
    // interrupted sleep is a wait that ended.
    Ready wait(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others = {});

    // Why the state is ended or failed, in a few words, and what may help (may be empty).
    const Failure& trouble() const { return trouble_; }

    int descriptor() const { return static_cast<int>(socket_); }

  private:
    void configure(const Address& address, const base::Stop& stop);
    void connect(const Address& address, const base::Stop& stop);
    State lost(State state, CURLcode code);

    std::array<char, CURL_ERROR_SIZE> error_{};
    Connector connector_;
    Easy easy_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    OutBlocks out_;
    Failure trouble_;
    std::size_t retried_piece_ = 0;  // the size of the TLS write that must be repeated as it was
    bool tls_ = false;
    bool drained_ = false;  // the last receive left nothing behind
    bool used_ = false;     // something was received
};

}  // namespace hail::net
