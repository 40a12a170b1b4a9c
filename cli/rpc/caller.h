// Caller: makes one JSON-RPC call over HTTP, and makes it again where this is asked for and does no harm.
//
// Shape:   a 409 that brings an X-Transmission-Session-Id is answered once, with that id and within the same
//          time limit: nothing ran. learnt() has that id, and an Mcp-Session-Id, for a session to keep.
//          With a `wait`, a server that cannot be reached, answers 503 or says that it is warming up (error
//          -28) is asked again until that time is over. An error whose code is in `retry_on` is retried as
//          often as the retries allow, with the usual back-off.
// Throws:  as http::Client and ReplyReceiver do; a failed exchange is a value in the answer.
// Source:  hail-rpc(1); transmission's rpc-spec (409); Bitcoin Core's -rpcwait (-28).

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/call_log.h"
#include "cli/output/console.h"
#include "cli/rpc/reply_receiver.h"
#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/http/call.h"
#include "lib/rpc/reply.h"

namespace hail::cli::rpc {

struct CallTerms {
    http::CallOptions call;
    std::optional<base::Milliseconds> wait;  // for a server that is not ready; none: not at all
    std::vector<std::string> retry_on;       // codes as JSON bytes
    std::uint64_t max_reply = 0;             // bytes
    Results results = Results::kept;
};

struct Answer {
    http::CallResult made;
    std::unique_ptr<ReplyReceiver> receiver;  // the spans of the reply point into it
    hail::rpc::Reply reply;                   // means nothing if the exchange failed

    int status() const { return made.result.head.status(); }
};

class Caller {
  public:
    // The console and the stop must outlive the caller.
    Caller(CallTerms terms, output::Console& console, base::Stop& stop);

    // The request has its body; the id is JSON bytes, empty for a notification.
    Answer call(http::Request request, const std::string& id);

    // The headers that the server gave for later calls.
    const std::vector<http::Header>& learnt() const { return learnt_; }

  private:
    Answer exchange(http::Request& request, const std::string& id);
    Answer exchange_once(const http::Request& request, const std::string& id, base::Deadline until);
    void learn(const http::ReplyHead& head, std::string_view name);
    std::optional<base::Milliseconds> delay_before_next(const Answer& answer, std::uint64_t attempts) const;
    bool is_warming_up(const Answer& answer) const;
    bool is_to_be_retried(const Answer& answer) const;

    CallTerms terms_;
    output::Console& console_;
    base::Stop& stop_;
    output::CallLog log_;
    http::Client client_;
    base::Deadline ready_until_;
    base::Deadline retry_until_;
    std::vector<http::Header> learnt_;
};

}  // namespace hail::cli::rpc
