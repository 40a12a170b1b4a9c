// Those who talk to a RabbitMQ server through connections that break all the time: publishers, consumers that
// are killed, and the reader of a stream queue.
//
// Shape:   each has a proxy of its own that damages its first connections (tests/support/chaos.h), and logs
//          in as ada, so that RabbitServer::close_connections_of("ada") means them. The messages are those
//          of chaos::lines().
// Threads: consumers and reader run in threads of their own; finish() joins them.

#pragma once

#include <atomic>
#include <cstddef>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "tests/support/chaos.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rabbit_server.h"

namespace hail::support::chaos {

class RabbitPublisher {
  public:
    // Even its first logins are cut.
    RabbitPublisher(const RabbitServer& server, const std::string& channel, const std::string& on_lost);

    Process& process() { return process_; }
    std::size_t connections() const { return proxy_.connections(); }

  private:
    Peer proxy_;
    Process process_;
};

// What consumers have printed.
struct Consumption {
    struct Copies {
        std::size_t unmarked = 0;  // not redelivered
        std::size_t all = 0;
    };
    std::map<Number, Copies> seen;
    std::size_t kills = 0;
    std::vector<std::string> odd;  // lines and ends that should not be

    std::size_t repeated() const;
    std::size_t repeated_unmarked() const;
    std::string text() const;  // its figures
};

// Two consumers of a queue. Each is killed again and again after a random number of messages.
class RabbitConsumers {
  public:
    RabbitConsumers(const RabbitServer& server, std::string queue);
    ~RabbitConsumers() { published_ = true; }
    RabbitConsumers(const RabbitConsumers&) = delete;
    RabbitConsumers& operator=(const RabbitConsumers&) = delete;

    // Once nothing is published any more: consumes all that is left, and deletes the queue.
    Consumption finish();

  private:
    Consumption consume(unsigned seed) const;
    bool delete_if_empty() const;

    const RabbitServer& server_;
    std::string queue_;
    std::atomic<bool> published_ = false;
    Peer proxy_;
    std::vector<std::future<Consumption>> both_;
};

// Reads a stream queue from its beginning to the message "end": a line with offset and payload for each.
class RabbitStreamReader {
  public:
    RabbitStreamReader(const RabbitServer& server, const std::string& queue);
    ~RabbitStreamReader();
    RabbitStreamReader(const RabbitStreamReader&) = delete;
    RabbitStreamReader& operator=(const RabbitStreamReader&) = delete;

    // Its output up to "end". A command that ends before that adds its messages.
    std::string finish() { return text_.get(); }
    std::size_t connections() const { return proxy_.connections(); }

  private:
    std::string read();

    Peer proxy_;
    Process process_;
    std::future<std::string> text_;
};

}  // namespace hail::support::chaos
