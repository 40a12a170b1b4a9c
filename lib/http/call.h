// Client: makes calls, one after another. A call is an exchange and whatever its reply asks for next, until a
// reply is the answer. Redirects, retries, cookies and Digest authentication are policy; the engine remains
// the one path of HTTP.
//
// Shape:   the receiver gets only the answer; other replies are read to their end and dropped. The timeout of
//          the options applies to each attempt with its redirects and challenges, the other limits to each
//          exchange. Connections are kept between exchanges and calls. A client certificate is for the origin
//          of the first call: like every other secret, it is not sent to another origin that a redirect leads
//          to. A request with Digest credentials is first sent whole, without them: a 401 proves that it was
//          not executed, whereas an empty request made to learn the nonce might be executed itself.
//          Only a body that can be sent once, such as a pipe, waits until an empty request has shown whether
//          there is a challenge. The answer to a challenge is sent on the connection that gave it, if the
//          server keeps it: some servers bind their nonce to it.
// Truth:   the server may close a kept connection just as a request is sent. A safe request is then sent
//          again once, on a new connection; any other request uses a new connection from the start.
// Throws:  the errors of redirect(), Error(too_many_redirects), Error(bad_reply) for a reply of more than
//          16 MiB that is not the answer, and everything that receivers throw.

#pragma once

#include <cstdint>
#include <memory>

#include "lib/base/stop.h"
#include "lib/http/cache.h"
#include "lib/http/cookies.h"
#include "lib/http/digest_attempt.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/http/redirect.h"
#include "lib/http/request_cookies.h"
#include "lib/http/retry.h"

namespace hail::http {

enum class Redirects { report, follow };

// Whether the jar's cookies are sent. The cookies that replies set are stored in either case.
enum class CookieUse { send_and_store, store_only };

struct CallOptions {
    EngineOptions engine;
    Redirects redirects = Redirects::report;
    std::uint64_t most_redirects = 10;
    RetryOptions retry;            // `keyed` follows from the request's Idempotency-Key
    CookieJar* cookies = nullptr;  // null: cookies are neither sent nor stored
    CookieUse cookie_use = CookieUse::send_and_store;
    const Cache* cache = nullptr;  // null: replies are not cached
};

// Reports to the user what happens between the exchanges of a call.
class CallEvents {
  public:
    CallEvents() = default;
    CallEvents(const CallEvents&) = delete;
    CallEvents& operator=(const CallEvents&) = delete;
    virtual ~CallEvents() = default;

    virtual void redirected(const Redirect& next, int status) = 0;
    virtual void retrying(const Attempt& attempt, const Result& result, base::Milliseconds delay) = 0;
};

struct CallResult {
    Result result;            // of the last exchange
    bool from_cache = false;  // the server confirmed the kept reply
    Request request;          // the request that it answers, after redirects
    std::uint64_t redirects = 0;
    std::uint64_t attempts = 1;  // of the last request
    DigestEnd digest = DigestEnd::unchallenged;
};

class EnginePair;

class Client {
  public:
    Client(const CallOptions& options, CallEvents& events, base::Stop& stop);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // If the last call already sent this body, it is read again from the beginning. Throws: Error(no_input)
    // if it cannot be. No exchange continues beyond `until`, and no retry waits longer.
    CallResult call(const Request& request, Receiver& receiver, base::Deadline until = {});

  private:
    class Call;

    CallOptions options_;
    CallEvents& events_;
    base::Stop& stop_;
    std::unique_ptr<EnginePair> engines_;
    std::shared_ptr<RequestBody> last_body_;
};

}  // namespace hail::http
