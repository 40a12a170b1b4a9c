// A JSON-RPC server that counts how often each call ran, and misbehaves as told (misbehaviour.h).
//
// Shape:   one thread for any number of connections. Counts are complete after wait_until_idle().
// Throws:  wait_until_idle() throws std::runtime_error if a connection stays open, or if a request was not
//          one of the tests.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "lib/base/owned.h"
#include "tests/support/misbehaviour.h"

namespace hail::support {

class CountingPeer {
  public:
    // The moments of a POST at which a test may act, such as by a signal to the client.
    enum class Moment { came, executed, answered };
    using Act = std::function<void(Moment, std::size_t request)>;  // requests count from 1

    explicit CountingPeer(const PeerHabits& habits, Act act = {});
    ~CountingPeer();
    CountingPeer(const CountingPeer&) = delete;
    CountingPeer& operator=(const CountingPeer&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    // Waits until every connection has ended and nothing waits to be accepted, at most 10 s.
    void wait_until_idle();

    // By the name of the call.
    std::size_t executions(std::size_t call) const;
    std::size_t requests() const;

  private:
    using Clock = std::chrono::steady_clock;

    struct Client {
        base::Descriptor socket;
        std::string received;
        bool silent = false;  // it gets no answers any more
    };

    void serve();
    void accept_one();
    void read_from(std::size_t connection);
    void take_requests(std::size_t connection);
    void answer(std::size_t connection, const std::string& body);
    void send(std::size_t connection, const Treatment& treatment);
    void end(std::size_t connection, bool at_once);

    PeerHabits habits_;
    Act act_;
    base::Descriptor listener_;
    base::Descriptor stop_;
    std::uint16_t port_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable ended_;
    std::string problem_;
    std::size_t accepted_ = 0;
    std::size_t requests_ = 0;
    std::map<std::size_t, Client> clients_;
    std::vector<std::pair<std::size_t, Treatment>> late_;
    std::unordered_map<std::size_t, std::size_t> times_;       // a call came first in a POST
    std::unordered_map<std::size_t, std::size_t> executions_;  // by the name of the call
    std::thread thread_;
};

}  // namespace hail::support
