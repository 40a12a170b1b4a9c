// ByteStream carries a broker's bytes both ways without blocking: over TCP, a unix socket or TLS, also
// through proxies.
//
// Shape:   bytes to be sent go into out(), and flush() sends them; receive() reads the bytes that came until
//          it returns blocked; wait() sleeps until either is worth another try. A stream is for one
//          connection: to reconnect, make a new one.
// Needs:   the process must ignore SIGPIPE, because the TLS library writes with write(2).
// Throws:  the constructor throws NotReached, Error(unreachable), Error(no_input) for
//          certificate files, and an Error with the stop's exit if a signal came while connecting. A later
//          loss is a State, because only the caller knows its consequences.
// Source:  libcurl's CURLOPT_CONNECT_ONLY, curl_easy_send(3), curl_easy_recv(3); byte_stream.cpp lists the
//          pitfalls.

#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/address.h"
#include "lib/net/alert_watch.h"
#include "lib/net/connect_options.h"
#include "lib/net/curl.h"
#include "lib/net/curl_errors.h"
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

// No connection that can be used came about, but another try may succeed: nothing listens there yet, a name
// or route is missing, the time was too short, or the server is not ready. Nothing that the user asked for
// was sent.
class NotReached : public base::Error {
  public:
    using Error::Error;
};

// The reasons why a wait ended.
struct Ready {
    bool stream = false;   // receive() or flush() is worth a try
    bool stopped = false;  // the stop was raised
    bool others = false;   // one of the other descriptors has revents
};

// As ByteStream::wait(), while there is no stream.
Ready wait_without_stream(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others);

// The hint for a peer that was silent or closed the connection at once: the scheme with TLS. Empty where that
// would not help: for TLS and unix sockets.
std::string tls_hint(const Address& address);

class ByteStream {
  public:
    // Connects. A proxy is used only if the options name one; the command line reads the variables.
    ByteStream(const Address& address, const ConnectOptions& options, const base::Stop& stop);
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    ~ByteStream() = default;

    OutBlocks& out() { return out_; }
    const OutBlocks& out() const { return out_; }

    // Sends the pending bytes: blocked if some are left, open if none are. It never returns ended.
    State flush();

    Received receive(std::span<char> into);

    // True if the last receive() emptied the input: another one before a wait() would find nothing.
    bool drained() const { return drained_; }

    // Sleeps until the stream, the stop or one of the others is ready, or the deadline has passed. To ignore
    // a stop that was seen already, pass nullptr. `others` are entries for poll(2), whose revents are set.
    // Any signal ends the wait.
    Ready wait(const base::Deadline& deadline, const base::Stop* stop, std::span<pollfd> others = {});

    // The reason why the state is ended or failed, in a few words, and a hint, which may be empty.
    const Failure& trouble() const { return trouble_; }

    // The tap does not see what is sent: it holds a secret.
    enum class Sent { shown, hidden };
    void show_sent(Sent sent) { shows_sent_ = sent == Sent::shown; }

    int descriptor() const { return static_cast<int>(socket_); }

  private:
    void configure(const Address& address, const base::Stop& stop);
    void connect(const Address& address, const base::Stop& stop);
    State lost(State state, CURLcode code);
    CurlError error_of(CURLcode code) const;
    static int on_debug(CURL* easy, curl_infotype type, char* text, std::size_t size, void* self);
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

    std::array<char, CURL_ERROR_SIZE> error_{};
    Connector connector_;
    AlertWatch alerts_;
    std::string tried_;  // the address of the last try to connect
    Easy easy_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    OutBlocks out_;
    Failure trouble_;
    std::size_t retried_piece_ = 0;  // the size of the TLS write that must be repeated unchanged
    bool tls_ = false;
    bool drained_ = false;     // the last receive() emptied the input
    bool used_ = false;        // bytes were received
    std::string silent_hint_;  // about a server that ends the connection without a byte
    bool shows_sent_ = true;
    std::vector<pollfd> polled_;  // of one wait(); kept for its memory
};

}  // namespace hail::net
