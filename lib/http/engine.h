// Engine: the one path of HTTP. It makes many exchanges, one after another or in parallel, over a few
// connections that it keeps open.
//
// Truth:   a request is never sent twice. libcurl silently repeats a request whose kept connection died
//          before the first byte of the reply; the engine stops that, unless no byte of the request had left.
//          A reply that ends before its length, its last chunk or the end of its compressed stream is a
//          failure, although the received part was delivered.
// Stop:    after the first signal the engine takes no more jobs and finishes those in flight; the second
//          signal drops them, each with its done() and a failure that says so.
// Threads: none; one loop that waits in curl_multi_poll.
// Throws:  Error(usage) for options that the loaded libcurl does not support, and everything that JobSource
//          and Receivers throw, after all exchanges in flight were dropped.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/http/message.h"
#include "lib/net/connect_options.h"
#include "lib/net/failure.h"

namespace hail::http {

// How much of a request is known to have been sent.
enum class Sent { nothing, partly, wholly };

struct Timings {  // since the exchange began; 0 for a step that did not happen
    using Microseconds = std::chrono::microseconds;
    Microseconds name{};        // the name was resolved
    Microseconds connected{};   // TCP, to the proxy if there is one
    Microseconds tls{};         // the TLS handshake was complete
    Microseconds ready{};       // the request could be sent
    Microseconds first_byte{};  // of the reply
    Microseconds total{};
};

using net::Failure;

struct Result {
    std::optional<Failure> failure;  // none: a complete reply arrived, whatever its status
    Sent sent = Sent::nothing;
    ReplyHead head;                      // status 0 if none arrived
    Timings timings;                     // see Measured
    std::uint64_t request_bytes = 0;     // head and body
    std::uint64_t reply_head_bytes = 0;  // all blocks, including 1xx
    std::uint64_t reply_body_bytes = 0;  // as on the wire, before decoding
    bool reused_connection = false;
    bool stale_connection = false;  // a reused one that the peer closed before the reply began
    std::string remote;             // "127.0.0.1:8080", "[::1]:8080"; empty for a unix socket; see Measured
};

// Which connections a request may use.
enum class ConnectionUse { any, fresh };

// An exchange to make. The caller owns all of it and must not change it until done().
struct Job {
    const Request* request = nullptr;  // validated
    Receiver* receiver = nullptr;
    std::size_t tag = 0;  // for the caller's use
    ConnectionUse connection = ConnectionUse::any;
    base::Deadline until{};    // the job's own limit, besides that of the options
    base::Deadline timeout{};  // replaces the timeout of the options, if it is set
};

// The answer of a JobSource: tells the engine what to do next.
struct Next {
    enum class Kind {
        start,  // this job
        wait,   // ask again when a job is done, the descriptor is readable, or the time has come
        end,    // there are no more jobs
    };
    Kind kind = Kind::end;
    Job* job = nullptr;
    int descriptor = -1;     // wait: -1 for no descriptor
    base::Deadline until{};  // wait: no time by default

    static Next start(Job& job) { return {Kind::start, &job, -1, {}}; }
    static Next wait(int descriptor = -1, base::Deadline until = {}) {
        return {Kind::wait, nullptr, descriptor, until};
    }
    static Next end() { return {}; }
};

class JobSource {
  public:
    JobSource() = default;
    JobSource(const JobSource&) = delete;
    JobSource& operator=(const JobSource&) = delete;
    virtual ~JobSource() = default;

    virtual Next next() = 0;  // called whenever there is room for one more
    virtual void done(Job& job, const Result& result) = 0;
    // Called before each wait, for what is to be done by time: again at the latest when this one has come.
    virtual base::Deadline tick() { return {}; }
};

enum class Version {
    v1_1,
    // TLS negotiates it, or falls back to HTTP/1.1; without TLS the server must already support it. The
    // outcome is unknown if a reply has neither a length nor a coding that marks its end: libcurl takes some
    // streams that were reset for complete ones.
    v2,
};

enum class OnStop {
    drain,  // the first signal lets the exchanges in flight finish, the second drops them
    drop,   // the first signal drops them
};

// Whether an event stream may last longer than the time limit, once its head has arrived.
enum class StreamLimit { timeout, none };

// Which exchanges get timings and the address of the peer. Bulk work reads neither of exchanges that succeed.
enum class Measured { all, unsuccessful };

struct EngineOptions {
    net::ConnectOptions connect;
    Measured measured = Measured::all;
    StreamLimit stream_limit = StreamLimit::timeout;
    unsigned parallel = 1;  // the most exchanges in flight, and connections
    Version version = Version::v1_1;
    OnStop on_stop = OnStop::drain;
    Trace* trace = nullptr;  // null: no trace
};

class Engine {
  public:
    Engine(const EngineOptions& options, base::Stop& stop);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Runs until the source says end and all jobs are done, or a stop is raised. Keeps connections for the
    // next run.
    void run(JobSource& source);

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace hail::http
