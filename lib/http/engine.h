// The one path of HTTP: many exchanges, one after another or side by side, through few connections that are
// kept.
//
// Truth:   a request is never sent twice. libcurl silently repeats one whose kept connection died before the
//          first byte of the reply; here that is stopped, unless no byte of the request had left. A reply
//          that ends before its length, its last chunk or the end of its compressed stream is a failure,
//          although its part was delivered.
// Stop:    the first signal ends the taking of jobs, those in flight are finished; the second drops them,
//          each with its done() and a failure that says so.
// Threads: none; one loop that waits in curl_multi_poll.
// Throws:  Error(usage) for options that the loaded libcurl does not know, and whatever JobSource and
//          Receivers throw, after everything in flight was dropped.

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

// How much of a request is known to have left.
enum class Sent { nothing, partly, wholly };

struct Timings {  // since the exchange began; 0 for what did not happen
    using Microseconds = std::chrono::microseconds;
    Microseconds name{};        // the name was resolved
    Microseconds connected{};   // TCP, to the proxy if there is one
    Microseconds tls{};         // TLS was agreed
    Microseconds ready{};       // the request could be sent
    Microseconds first_byte{};  // of the reply
    Microseconds total{};
};

using net::Failure;

struct Result {
    std::optional<Failure> failure;  // none: a whole reply came, whatever its status
    Sent sent = Sent::nothing;
    ReplyHead head;  // status 0 if none came
    Timings timings;
    std::uint64_t request_bytes = 0;     // head and body
    std::uint64_t reply_head_bytes = 0;  // every block
    std::uint64_t reply_body_bytes = 0;  // as on the wire, before decoding
    bool reused_connection = false;
    bool stale_connection = false;  // a reused one, which the peer closed before anything of the reply came
    std::string remote;             // "127.0.0.1:8080", "[::1]:8080"; empty for a unix socket
};

// Over which connection a request may go.
enum class ConnectionUse { any, fresh };

// An exchange to be made. All of it belongs to the caller and stays as it is until done().
struct Job {
    const Request* request = nullptr;  // validated
    Receiver* receiver = nullptr;
    std::size_t tag = 0;  // the caller's own
    ConnectionUse connection = ConnectionUse::any;
    base::Deadline until{};  // a limit of its own, besides the one of the options
};

// What to do next.
struct Next {
    enum class Kind {
        start,  // this job
        wait,   // ask again when one of mine is done, the descriptor is readable, or the time has come
        end,    // there will be no more
    };
    Kind kind = Kind::end;
    Job* job = nullptr;
    int descriptor = -1;     // wait: -1 is none
    base::Deadline until{};  // wait: never by default

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

    virtual Next next() = 0;  // asked whenever there is room for one more
    virtual void done(Job& job, const Result& result) = 0;
};

enum class Version {
    automatic,  // HTTP/1.1 below libcurl 8.0.0, which takes a cut HTTP/2 stream for a whole one; else what
                // TLS agrees on
    v1_1,
    v2,  // TLS agrees on it, or falls back to HTTP/1.1; without TLS the server has to know. Below libcurl 8.0.0 a
         // reply that has no length and no coding with an end is unknown
};

enum class OnStop {
    drain,  // the first signal lets what is in flight come to its end, the second drops it
    drop,   // the first signal drops it
};

// Whether a reply that is a stream of events may last longer than the time limit, once its head has come.
enum class StreamLimit { timeout, none };

struct EngineOptions {
    net::ConnectOptions connect;
    StreamLimit stream_limit = StreamLimit::timeout;
    unsigned parallel = 1;  // exchanges in flight, and connections, at most
    Version version = Version::automatic;
    OnStop on_stop = OnStop::drain;
    Trace* trace = nullptr;  // none: silent
};

class Engine {
  public:
    Engine(const EngineOptions& options, base::Stop& stop);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Until the source says end and all are done, or a stop is raised. Connections are kept for the next run.
    void run(JobSource& source);

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace hail::http
