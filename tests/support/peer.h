// A server that does exactly what a test scripts, including faults.
//
// Shape:   Peer peer({{read_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"), cut()}}); One
//          script per connection, in the order in which they are opened. A connection after the last script
//          is closed at once. A script that ends without cut() or reset() sends FIN and then waits until the
//          client closes. Threads: one that accepts, and one per connection; finish() and the destructor join
//          them. Records are copied under a lock.
// Throws:  finish() throws std::runtime_error if a script could not be followed.

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"

namespace hail::support {

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

using Step = std::function<void(Connection&)>;
using Script = std::vector<Step>;

Step read_request();                // head and body, recorded
Step read_until(std::string text);  // raw bytes up to this text, recorded
Step send(std::string bytes);
Step reply(const std::string& body,
           const std::string& extra = {});  // 200 with its length; `extra` is header lines that end with \r\n
Step drip(std::string bytes, base::Milliseconds gap);  // byte by byte
Step stall();                                          // says nothing until the client goes
Step cut();                                            // FIN at once
Step drop();                                           // the same without TLS's close_notify
Step reset();                                          // RST at once
Step serve(std::function<std::string(const Received&)>
               answer);  // answers every request until the client closes; answers are complete

class Peer {
  public:
    enum class Others {
        refuse,
        repeat
    };  // connections after the last script: closed at once, or run the last one

    explicit Peer(std::vector<Script> scripts, Others others = Others::refuse,
                  const std::string& unix_socket = {});
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string address(std::string_view path = "/") const;  // "127.0.0.1:PORT/path"

    // Everything received so far, in order.
    std::vector<Received> received() const;
    std::size_t connections() const { return connections_; }

    // Waits until this many requests were recorded, at most 10 s.
    void wait_for_requests(std::size_t count) const;

    // Waits until this many scripts have ended, at most 10 s.
    void wait_for_ends(std::size_t scripts) const;

    // Waits until every script has ended, then returns received(). A script without a connection is a
    // failure.
    std::vector<Received> finish();

  private:
    void listen_on(const std::string& unix_socket);
    void accept_all();
    void follow(std::size_t number, base::Descriptor socket);
    void note(const std::string& problem);

    std::vector<Script> scripts_;
    Others others_;
    base::Descriptor listener_;
    base::Descriptor stop_;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> ended_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable recorded_;
    std::vector<Received> received_;
    std::string problem_;
    std::list<std::thread> followers_;
    std::thread acceptor_;
};

}  // namespace hail::support
