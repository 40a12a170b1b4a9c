// The server's end of one connection, as the steps of a test's script see it, and what came on it.
//
// Shape:   bytes pass through a layer, such as TLS, if there is one. Whatever waits also watches the stop's
//          descriptor.
// Throws:  std::system_error; Stopped once the stop is raised.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"

namespace hail::support {

// The test is over: nothing to report.
struct Stopped : std::runtime_error {
    Stopped() : std::runtime_error("the peer was stopped") {}
};

// The bytes that a client sent: an HTTP request, or raw bytes in `head`.
struct Received {
    std::size_t connection = 0;  // from 0
    std::string head;            // with its empty line
    std::string body;

    std::string line() const { return head.substr(0, head.find('\r')); }
    std::string header(std::string_view name) const;  // the first header of this name; "" if there is none
};

// A layer between the steps and the socket, such as TLS.
class Layer {
  public:
    Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;
    virtual ~Layer() = default;

    virtual void send(std::string_view bytes) = 0;
    // Reads some bytes; returns 0 at the end of the stream, or if it broke.
    virtual std::size_t receive(std::span<char> into) = 0;
    virtual bool has_more() const = 0;  // bytes can be received without waiting
    virtual void send_close_notify() = 0;
};

// The server's end of one connection, as the steps see it.
class Connection {
  public:
    Connection(base::Descriptor socket, int stop_descriptor, std::size_t number,
               std::function<void(Received)> record);

    // From now on all bytes pass through this layer.
    void put_on(std::unique_ptr<Layer> layer) { layer_ = std::move(layer); }
    int socket() const { return socket_.number(); }

    void send(std::string_view bytes);
    // Reads up to and including this text; false at the end of the stream.
    bool read_until(std::string_view text, std::string& into);
    bool read_count(std::size_t count, std::string& into);
    bool read_request(Received& into);
    void record(Received received);
    void wait_for_end();  // reads and drops bytes until the client closes
    // Passes bytes both ways between the client and a socket until either ends, or until this many have gone
    // this way; true in the latter case.
    enum class Way { to_server, to_client };
    struct Passage {
        Way way = Way::to_server;
        std::size_t bytes = 0;
    };
    bool pass_on(const base::Descriptor& other, const std::optional<Passage>& limit = {});
    void pause(base::Milliseconds duration);
    void finish_sending();
    void drop();
    void reset();
    void close() { socket_ = {}; }
    bool open() const { return static_cast<bool>(socket_); }

  private:
    bool wait_readable();
    bool receive();
    std::size_t receive_plain(std::span<char> into) const;
    bool read_chunks(std::string& into);

    base::Descriptor socket_;
    std::unique_ptr<Layer> layer_;
    int stop_;
    std::size_t number_;
    std::function<void(Received)> record_;
    std::string pending_;
};

}  // namespace hail::support
