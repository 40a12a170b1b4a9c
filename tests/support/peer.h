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
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/owned.h"
#include "tests/support/connection.h"

namespace hail::support {

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
