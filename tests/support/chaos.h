// A run of many messages through connections that break all the time, and a broker that does.
//
// Shape:   10,000 messages, or as many as HAIL_CHAOS_MESSAGES says. The faults come by the bytes that have
//          passed, and those of the broker by the lines that were given to the publisher, so that nothing
//          depends on the speed of the machine.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

namespace hail::support::chaos {

using Number = unsigned long;

Number messages();

// Whether somebody chose the number of messages, and wants to see figures.
bool tells();

// Enough for any number of messages on a busy machine.
base::Milliseconds limit();

// Proxies that damage the first connections, each in another way, after bytes that go this way and that are
// together about those of all messages. Later connections are left alone.
std::vector<Script> damaged(std::uint16_t port, Connection::Way way, std::size_t connections,
                            std::size_t seed = 0);

// hail publish with these words: an address, a channel, and options.
Process start_publisher(std::vector<std::string> words);

// A line for each number from `first` to `last`: the number, and text that ends with a full stop.
std::string lines(Number first, Number last);

// Gives the lines 1 to N to publishers, part by part.
class Feed {
  public:
    explicit Feed(std::vector<Process*> publishers) : publishers_(std::move(publishers)) {}
    void give(Number count);  // at most those that are left
    void give_up_to(Number last);
    void end();  // closes the inputs

  private:
    std::vector<Process*> publishers_;
    Number given_ = 0;
};

// Gives all lines to the publisher, with a fault of the broker after each tenth of them.
void feed(Process& publisher, RedisServer& server, const std::function<void()>& before_part);

// The last line of a publisher, "hail: read R, accepted A, ...", and one of its numbers.
std::string summary_of(const Outcome& end);
Number part_of(const std::string& summary, const std::string& name);

}  // namespace hail::support::chaos
