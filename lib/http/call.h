// Calls, one after another: each an exchange, and then what its reply asks for, until a reply is the answer.
// Redirects, retries, cookies and digest authentication are a policy round the one path of HTTP, which stays
// the engine's.
//
// Shape:   the receiver gets the answer alone; replies that are acted upon are read to their end and dropped.
//          The time limits of the options hold for each exchange. Connections are kept between exchanges and
//          calls. A client certificate is for the origin of the first call, and stays behind when a redirect
//          leaves it, as every other secret does. A request with digest credentials goes out whole and
//          without them first, since a 401 is the proof that it was not executed; an empty one to learn the
//          nonce might be executed itself.
// Truth:   a kept connection may be closed by the server just when a request goes out. A request that asks
//          and changes nothing then goes out once more, over a new connection; any other goes over a new one
//          from the first.
// Throws:  what redirect() throws, Error(too_many_redirects), and what receivers throw.

#pragma once

#include <cstdint>
#include <memory>

#include "lib/base/stop.h"
#include "lib/http/cache.h"
#include "lib/http/cookies.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/http/redirect.h"
#include "lib/http/retry.h"

namespace hail::http {

enum class Redirects { report, follow };

// What the jar's cookies are for. What replies set is kept in either case.
enum class CookieUse { send_and_store, store_only };

struct CallOptions {
    EngineOptions engine;
    Redirects redirects = Redirects::report;
    std::uint64_t most_redirects = 10;
    RetryOptions retry;            // keyed by the request's own Idempotency-Key
    CookieJar* cookies = nullptr;  // none: no Set-Cookie is heeded
    CookieUse cookie_use = CookieUse::send_and_store;
    const Cache* cache = nullptr;  // none: nothing is kept
};

// What happens between the exchanges of a call, for people.
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
    bool from_cache = false;  // the server said that the kept reply still holds
    Request request;          // the one that it answers, as redirects made it
    std::uint64_t redirects = 0;
    std::uint64_t attempts = 1;  // of the last request
};

// With the cookies that the jar has for it, as each exchange of a call sends it.
void add_cookies(Request& request, const CookieJar& jar);

class EnginePair;

class Client {
  public:
    Client(const CallOptions& options, CallEvents& events, base::Stop& stop);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // A body that went out in the last call already is read from its beginning again. Throws: Error(no_input)
    // if it cannot be. No exchange goes on beyond `until`, and no retry waits for longer.
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
